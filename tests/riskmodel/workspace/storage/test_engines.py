"""One engine per database and process: opening a second time never removes the locks of the first."""

import gc
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.storage.engines import share_engine
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import submit

linux_only = pytest.mark.skipif(not Path("/proc/locks").exists(), reason="locks can only be listed on Linux")

# A second process opens the workspace, submits a run and closes, as the last one to close believes.
SUBMIT = """
import sys
from riskmodel.config.run import RunConfig
from riskmodel.workspace.workspace import Workspace
workspace = Workspace.open(sys.argv[1])
print(workspace.runs.submit(workspace.datasets.list()[0].id, RunConfig()).id)
workspace.close()
"""


def locks_of(home: Path) -> set[tuple[str, ...]]:
    """The locks that this process holds on the workspace's database and its index: file, kind and byte range.

    The kernel lists locks page by page, and misses some while other processes release theirs: what any of several
    readings lists is held.
    """
    return set().union(*(_listed_locks(home) for _ in range(10)))


def _listed_locks(home: Path) -> set[tuple[str, ...]]:
    inodes = {str((home / name).stat().st_ino): name for name in ("riskmodel.db", "riskmodel.db-shm")}
    held = set()
    for line in Path("/proc/locks").read_text(encoding="ascii").splitlines():
        _, kind, _, mode, pid, place, *span = line.split()[:8]
        name = inodes.get(place.rsplit(":", 1)[1])
        if name and pid == str(os.getpid()):
            held.add((name, kind, mode, *span))
    return held


def submit_elsewhere(home: Path) -> str:
    """Submit a run in another process; its id."""
    done = subprocess.run(
        [sys.executable, "-c", SUBMIT, str(home)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[4],
    )
    return done.stdout.strip()


@linux_only
def test_opening_and_closing_a_second_time_keeps_the_locks(workspace: Workspace) -> None:
    workspace.runs.list()
    before = locks_of(workspace.home)
    assert {name for name, *_ in before} == {"riskmodel.db", "riskmodel.db-shm"}
    second = Workspace.open(workspace.home)
    second.runs.list()
    assert locks_of(workspace.home) == before
    second.close()
    assert locks_of(workspace.home) == before


def test_closing_one_of_two_leaves_the_other_open(workspace: Workspace) -> None:
    first, second = Workspace.open(workspace.home), Workspace.open(workspace.home)
    first.close()
    first.close()
    assert submit(second, name="kept").name == "kept"
    with pytest.raises(WorkspaceError, match=r"The workspace was closed\. Open it again"):
        first.runs.list()


def test_a_cell_run_twice_loses_nothing_that_another_process_submits(workspace: Workspace) -> None:
    submitted = {submit(workspace).id}
    opened = workspace
    for _ in range(3):
        opened = Workspace.open(workspace.home)  # the cell: the earlier value is dropped
        submitted.add(submit(opened).id)
        submitted.add(submit_elsewhere(workspace.home))
        submitted.add(submit(workspace).id)
    assert {run.id for run in workspace.runs.list()} == submitted
    assert {run.id for run in opened.runs.list()} == submitted
    wal = workspace.home / "riskmodel.db-wal"
    assert wal.stat().st_nlink == 1
    assert not any(
        "(deleted)" in os.readlink(f"/proc/self/fd/{descriptor}") for descriptor in database_descriptors(workspace.home)
    )


def database_descriptors(home: Path) -> list[str]:
    found = []
    for each in Path("/proc/self/fd").iterdir() if Path("/proc/self/fd").is_dir() else ():
        try:
            if os.readlink(each).startswith(str(home / "riskmodel.db")):
                found.append(each.name)
        except FileNotFoundError:  # the listing's own descriptor
            continue
    return found


@pytest.mark.parametrize("way", ["plain", "link", "relative"])
def test_paths_of_the_same_file_share_an_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "link").symlink_to(home)
    monkeypatch.chdir(tmp_path)
    first = share_engine(f"sqlite:///{home}/riskmodel.db")
    other = {"plain": str(home), "link": str(tmp_path / "link"), "relative": "home"}[way]
    assert share_engine(f"sqlite:///{other}/riskmodel.db") is first


def test_a_file_put_in_the_place_of_another_is_another_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/riskmodel.db"
    first = share_engine(url)
    first.engine.connect().close()
    (tmp_path / "riskmodel.db").rename(tmp_path / "old.db")
    assert share_engine(url) is not first


def test_an_engine_ends_with_its_last_holder(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/riskmodel.db"
    first, second = share_engine(url), share_engine(url)
    with first.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE customers (id)")
    del first
    assert (tmp_path / "riskmodel.db-wal").exists()
    del second
    gc.collect()
    assert not (tmp_path / "riskmodel.db-wal").exists()  # SQLite removes it as the last connection closes


def test_threads_that_open_at_once_share_an_engine(tmp_path: Path) -> None:
    url, found = f"sqlite:///{tmp_path}/riskmodel.db", []
    threads = [threading.Thread(target=lambda: found.append(share_engine(url))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, found))) == 1


def test_the_database_is_created_for_its_owner_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        share_engine(f"sqlite:///{tmp_path}/team.db").engine.connect().close()
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "team.db").stat().st_mode) == 0o600


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_forked_child_uses_connections_of_its_own(workspace: Workspace) -> None:
    kept = submit(workspace).id
    child = os.fork()
    if child == 0:
        status = 1
        try:
            submit(workspace)
            Workspace.open(workspace.home).close()
            status = 0
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    mine = submit(workspace).id
    assert {kept, mine} < {run.id for run in workspace.runs.list()}
    assert len(workspace.runs.list()) == 3


CHILD_WRITES = """
import os, subprocess, sys, threading, time
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import submit
workspace = Workspace.open(sys.argv[1])
entered = threading.Event()
def write():
    with workspace._database.writing() as connection:
        connection.exec_driver_sql("UPDATE runs SET name = 'written'")
        entered.set()
        time.sleep(0.3)
writer = threading.Thread(target=write)
writer.start()
entered.wait()
if os.fork() == 0:
    submit(workspace, name="child")
    from tests.riskmodel.workspace.storage.test_engines import locks_of
    held = {name for name, *_ in locks_of(workspace.home)}
    os._exit(0 if held == {"riskmodel.db", "riskmodel.db-shm"} else 3)
status = os.waitstatus_to_exitcode(os.wait()[1])
writer.join()
print(status, sorted(run.name for run in workspace.runs.list()))
"""


@linux_only
def test_a_child_forked_while_another_thread_writes_has_locks_of_its_own(workspace: Workspace) -> None:
    submit(workspace, name="before")
    words = [sys.executable, "-W", "ignore", "-c", CHILD_WRITES, str(workspace.home)]
    done = subprocess.run(words, capture_output=True, text=True, cwd=Path(__file__).parents[4])
    assert done.stdout.strip() == "0 ['child', 'written']", done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_child_forked_within_a_transaction_is_refused(workspace: Workspace) -> None:
    read_end, write_end = os.pipe()
    with workspace._database.writing() as connection:
        child = os.fork()
        if child == 0:
            try:
                workspace.runs.list()
            except WorkspaceError as error:
                os.write(write_end, str(error).encode())
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        connection.exec_driver_sql("UPDATE runs SET name = 'still open'")
    os.close(write_end)
    with os.fdopen(read_end) as message:
        assert message.read().startswith("This process was forked while its parent used the workspace's database")
    assert submit(workspace, name="parent").name == "parent"
