"""One database belongs to one folder; a wrong clock does not expire anything."""

import os
import subprocess
import threading
from pathlib import Path

import pytest

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.storage import identity
from riskmodel.workspace.storage.identity import ID_FILE
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import submit

DAY = 86_400.0


def test_a_second_folder_on_the_same_database_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RISKMODEL_DATABASE_URL", f"sqlite:///{tmp_path}/team.db")
    first = Workspace.open(tmp_path / "first")
    run = submit(first)
    with pytest.raises(WorkspaceError) as caught:
        Workspace.open(tmp_path / "second")
    assert str(caught.value) == (
        f"The database belongs to the workspace folder {tmp_path}/first, not to {tmp_path}/second: the files of its "
        "runs and datasets are there, and one database serves one folder. Open that folder with --home or "
        "RISKMODEL_HOME (share it if it is on another machine), or choose another database with RISKMODEL_DATABASE_URL."
    )
    assert Workspace.open(tmp_path / "first").runs.get(run.id).state == "queued"


def test_the_same_folder_under_another_path_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RISKMODEL_DATABASE_URL", f"sqlite:///{tmp_path}/team.db")
    run = submit(Workspace.open(tmp_path / "first"))
    (tmp_path / "first").rename(tmp_path / "moved")  # as it is mounted on another machine
    assert Workspace.open(tmp_path / "moved").runs.get(run.id).id == run.id


def test_a_database_of_another_folder_copied_into_this_one_is_refused(tmp_path: Path) -> None:
    for name in ("first", "second"):
        Workspace.open(tmp_path / name).close()
    (tmp_path / "first" / "riskmodel.db").replace(tmp_path / "second" / "riskmodel.db")
    with pytest.raises(WorkspaceError, match=r"The database belongs to the workspace folder .*first, not to .*second"):
        Workspace.open(tmp_path / "second")


@pytest.mark.parametrize("content", [None, b"", b"0123456789abcdef", b"\x82\xff\x00"])
def test_a_lost_or_damaged_id_of_a_folder_comes_back_from_its_own_database(
    workspace: Workspace, content: bytes | None
) -> None:
    before = (workspace.home / ID_FILE).read_text()
    (workspace.home / ID_FILE).unlink()
    if content is not None:
        (workspace.home / ID_FILE).write_bytes(content)
    Workspace.open(workspace.home)
    assert (workspace.home / ID_FILE).read_text() == before
    assert (workspace.home / ID_FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("content", "fault"), [(None, "missing"), ("0123", "damaged"), ("0" * 32, "of another workspace")]
)
def test_a_lost_id_of_a_folder_whose_database_lies_elsewhere_is_named_with_the_way_to_restore_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None, fault: str
) -> None:
    monkeypatch.setenv("RISKMODEL_DATABASE_URL", f"sqlite:///{tmp_path}/team.db")
    home = tmp_path / "home"
    Workspace.open(home).close()
    before = (home / ID_FILE).read_text()
    (home / ID_FILE).unlink()
    if content is not None:
        (home / ID_FILE).write_text(content)
    with pytest.raises(WorkspaceError, match=f"is {fault}, so the folder cannot be compared") as caught:
        Workspace.open(home)
    command = str(caught.value).partition("restore it: ")[2]
    assert command == f"echo {before.strip()} > '{home / ID_FILE}'"
    subprocess.run(command, shell=True, check=True)
    Workspace.open(home).close()


def test_an_id_that_cannot_be_read_is_named(workspace: Workspace) -> None:
    (workspace.home / ID_FILE).unlink()
    (workspace.home / ID_FILE).mkdir()
    with pytest.raises(WorkspaceError, match=r"/workspace-id cannot be read: Is a directory\. Remove it, then open"):
        Workspace.open(workspace.home)


def test_a_folder_opened_at_once_by_many_has_one_id(tmp_path: Path) -> None:
    threads = [threading.Thread(target=Workspace.open, args=(tmp_path / "home",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len((tmp_path / "home" / ID_FILE).read_text().split()) == 1
    Workspace.open(tmp_path / "home")


def test_a_file_system_without_links_has_ids_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    Workspace.open(tmp_path / "home").close()
    Workspace.open(tmp_path / "home").close()


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_800_000_000.0
        monkeypatch.setattr("time.time", lambda: self.now)


def deleted_run(workspace: Workspace) -> str:
    run = submit(workspace)
    workspace.runs.request_cancel(run.id)
    workspace.runs.delete(run.id)
    return run.id


def test_a_clock_that_jumps_forty_days_ahead_leaves_the_bin(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    run_id = deleted_run(workspace)
    clock.now += 40 * DAY
    for _ in range(5):
        clock.now += 600
        workspace.clean_up()
    assert [run.id for run in workspace.runs.list(deleted=True)] == [run_id]


def test_a_bin_is_emptied_after_thirty_days_of_use(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    workspace.clean_up()
    run_id = deleted_run(workspace)
    for _ in range(29):
        clock.now += DAY
        workspace.clean_up()
    assert [run.id for run in workspace.runs.list(deleted=True)] == [run_id]
    clock.now += DAY
    workspace.clean_up()
    assert workspace.runs.list(deleted=True) == []


def test_time_in_use_never_runs_back(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    counted = []
    for step in (0.0, 100.0, -5 * DAY, 100.0, 90 * DAY):
        clock.now += step
        with workspace._database.writing() as connection:
            counted.append(identity.count_use(connection))
    assert [each - counted[0] for each in counted] == [0.0, 100.0, 100.0, 200.0, 200.0 + DAY]
