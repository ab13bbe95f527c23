"""An open workspace in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from riskmodel.workspace.workspace import Workspace


@pytest.fixture
def workspace(private_workspace: Path) -> Iterator[Workspace]:
    opened = Workspace.open()
    yield opened
    opened.close()
