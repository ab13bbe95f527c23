"""An open workspace in its own folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from riskmodel.workspace.workspace import Workspace


@pytest.fixture
def workspace(private_workspace: Path) -> Iterator[Workspace]:
    opened = Workspace.open()
    yield opened
    opened.close()
