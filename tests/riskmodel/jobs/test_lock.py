"""The lock: one holder, inherited by a child, free when the last holder ends."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from riskmodel.errors import WorkspaceError
from riskmodel.jobs.lock import SupervisorLock


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    first = SupervisorLock.acquire(tmp_path)
    assert first is not None
    assert SupervisorLock.acquire(tmp_path) is None
    first.release()
    second = SupervisorLock.acquire(tmp_path)
    assert second is not None
    second.release()


def test_a_child_that_inherits_it_holds_it_until_it_dies(tmp_path: Path) -> None:
    lock = SupervisorLock.acquire(tmp_path)
    assert lock is not None
    child = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], pass_fds=(lock.descriptor,), close_fds=True
    )
    try:
        lock.release()
        assert SupervisorLock.acquire(tmp_path) is None
    finally:
        child.kill()
        child.wait()
    deadline = time.monotonic() + 5
    while (again := SupervisorLock.acquire(tmp_path)) is None and time.monotonic() < deadline:
        time.sleep(0.01)
    assert again is not None
    again.release()


def test_a_child_that_does_not_inherit_it_does_not_hold_it(tmp_path: Path) -> None:
    lock = SupervisorLock.acquire(tmp_path)
    assert lock is not None
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        lock.release()
        again = SupervisorLock.acquire(tmp_path)
        assert again is not None
        again.release()
        child.communicate(b"\n")


def test_a_folder_in_its_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "supervisor.lock").mkdir()
    with pytest.raises(WorkspaceError, match=r"supervisor\.lock failed: '\S+supervisor\.lock' is a folder\. Move it"):
        SupervisorLock.acquire(tmp_path)
