"""A file and its row are added together: a crash, a full disk or a busy database leaves no part of them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from riskmodel.errors import DiskFullError
from riskmodel.workspace.data import additions, datasets, incoming
from riskmodel.workspace.storage.database import Database
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import sample_dataset

Add = Callable[[Workspace], str]


def add_dataset(workspace: Workspace) -> str:
    return workspace.datasets.add(sample_dataset()).id


def add_source(workspace: Workspace) -> str:
    return workspace.sources.add("customers.csv", b"id,income\n1,2\n").id


def kept(workspace: Workspace) -> list[str]:
    """Files and folders of what can be added, hidden ones included."""
    found = (path for kind in ("sources", "datasets") for path in (workspace.home / kind).rglob("*"))
    return sorted(str(path.relative_to(workspace.home)) for path in found)


def crash(workspace: Workspace, add: Add, *, after_rename: bool) -> None:
    """End a subprocess immediately before or after the file is renamed."""
    child = os.fork()
    if child == 0:
        for module in (datasets, incoming):
            publish = module.publish

            def die(temporary: Path, path: Path, publish: Callable[[Path, Path], None] = publish) -> None:
                if after_rename:
                    publish(temporary, path)
                os._exit(9)

            module.publish = die
        add(workspace)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("after_rename", [False, True])
@pytest.mark.parametrize("add", [add_dataset, add_source])
def test_what_a_crash_left_of_an_addition_is_removed_by_the_next_worker(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, add: Add, after_rename: bool
) -> None:
    crash(workspace, add, after_rename=after_rename)
    assert workspace.sources.list() == [] and workspace.datasets.list() == []
    left = kept(workspace)
    assert left != []
    workspace.clean_up()
    assert kept(workspace) == left  # it may have been created a moment ago
    for path in left:
        os.utime(workspace.home / path, (0, 0))
    workspace.clean_up()
    assert kept(workspace) == []
    assert add(workspace)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("add", [add_dataset, add_source])
def test_what_was_added_again_after_the_crash_stays(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, add: Add
) -> None:
    crash(workspace, add, after_rename=True)
    add(workspace)
    monkeypatch.setattr(additions, "SETTLE_SECONDS", -1.0)
    before = [name for name in kept(workspace) if ".adding-" not in name]
    workspace.clean_up()
    assert kept(workspace) == before
    assert len(workspace.sources.list()) + len(workspace.datasets.list()) == 1


@pytest.mark.parametrize("add", [add_dataset, add_source])
def test_a_row_that_cannot_be_committed_leaves_no_file(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, add: Add
) -> None:
    publish = datasets.publish

    def publish_then_refuse(temporary: Path, path: Path) -> None:
        publish(temporary, path)
        raise DiskFullError("full")

    with monkeypatch.context() as patch:
        for module in (datasets, incoming):
            patch.setattr(module, "publish", publish_then_refuse)
        with pytest.raises(DiskFullError):
            add(workspace)
    assert kept(workspace) == []
    assert workspace.sources.list() == [] and workspace.datasets.list() == []


def test_an_addition_under_way_is_left_alone(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(additions, "SETTLE_SECONDS", -1.0)
    publish = datasets.publish
    cleaned: list[list[Path]] = []

    def look(temporary: Path, path: Path) -> None:
        publish(temporary, path)
        cleaned.append(workspace.datasets.remove_leftovers())

    monkeypatch.setattr(datasets, "publish", look)
    added = add_dataset(workspace)
    assert cleaned == [[]]
    assert kept(workspace) == [f"datasets/{added}.parquet"]


def test_a_database_that_refuses_leaves_the_mark_for_the_next_worker(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Database) -> None:
        raise DiskFullError("full")

    with monkeypatch.context() as patch:
        patch.setattr(Database, "writing", refuse)
        with pytest.raises(DiskFullError):
            add_dataset(workspace)
    assert [name.partition("-")[0] for name in kept(workspace)] == ["datasets/.adding"]
    monkeypatch.setattr(additions, "SETTLE_SECONDS", -1.0)
    workspace.clean_up()
    assert kept(workspace) == []
