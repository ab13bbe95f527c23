"""Two supervisors at once, with submissions from other processes: nothing acknowledged is lost."""

import sys
from pathlib import Path

import pytest

from tests.benchmarks.durability.story import tell_story


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="open files of another process can only be listed on Linux")
def test_two_supervisors_at_once_lose_nothing(tmp_path: Path) -> None:
    assert tell_story(tmp_path / "home") == []
