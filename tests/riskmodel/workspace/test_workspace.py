"""The private folder of the workspace: chosen by argument, variable or default."""

import os
import stat
from pathlib import Path

import pytest

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import submit


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folder_is_the_argument_else_the_variable_else_the_users(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RISKMODEL_HOME", str(tmp_path / "variable"))
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    assert Workspace.open(tmp_path / "argument").home == tmp_path / "argument"
    assert Workspace.open().home == tmp_path / "variable"
    monkeypatch.delenv("RISKMODEL_HOME")
    assert Workspace.open().home == tmp_path / "user" / ".riskmodel"


def test_a_relative_folder_stays_the_same_when_the_program_moves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Workspace.open("mine").home == tmp_path / "mine"


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        (tmp_path / "home").mkdir(mode=0o777)
        home = Workspace.open(tmp_path / "home").home
    finally:
        os.umask(before)
    assert mode(home) == 0o700
    assert mode(home / "riskmodel.db") == 0o600
    assert {mode(folder) for folder in home.iterdir() if folder.is_dir()} == {0o700}


def test_what_one_process_keeps_another_finds(workspace: Workspace) -> None:
    run = submit(workspace, name="first")
    assert [found.id for found in Workspace.open(workspace.home).runs.list()] == [run.id]


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(WorkspaceError, match=r"failed: '.*taken' is a file\. .* choose another"):
        Workspace.open(tmp_path / "taken")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(WorkspaceError, match="Give this user the right to write there"):
        Workspace.open(tmp_path / "home")


def test_a_database_elsewhere_is_used_by_its_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RISKMODEL_DATABASE_URL", f"sqlite:///{tmp_path}/team.db")
    run = submit(Workspace.open(tmp_path / "home"))
    assert not (tmp_path / "home" / "riskmodel.db").exists()
    assert Workspace.open(tmp_path / "home").runs.get(run.id).state == "queued"
