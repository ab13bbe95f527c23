"""Runs are tagged, annotated, archived, deleted and restored, by several processes at once."""

import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

import pytest

from riskmodel.config.search import SearchConfig
from riskmodel.errors import WorkspaceError
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.runs.tags import clean_tags
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import QUICK, epoch_result, sample_dataset, submit


@pytest.fixture
def other(workspace: Workspace) -> Iterator[Workspace]:
    """The same workspace, as opened by another process."""
    opened = Workspace.open(workspace.home)
    yield opened
    opened.close()


def ended(workspace: Workspace, name: str = "") -> RunRecord:
    run = submit(workspace, name=name)
    workspace.runs.request_stop(run.id)
    return workspace.runs.get(run.id)


def names(runs: list[RunRecord]) -> list[str]:
    return [run.name for run in runs]


def test_a_new_run_has_no_tags_or_notes_and_is_listed(workspace: Workspace) -> None:
    run = submit(workspace)
    assert (run.tags, run.remarks, run.archived, run.deleted_at) == ((), "", False, None)


def test_tags_are_kept_once_each_without_superfluous_blanks(workspace: Workspace) -> None:
    run = submit(workspace)
    assert workspace.runs.set_tags(run.id, [" Q3  model", "champion", "Champion", ""]).tags == ("Q3 model", "champion")
    assert workspace.runs.set_tags(run.id, []).tags == ()
    with pytest.raises(WorkspaceError, match=r"at most 50 characters; 'x{20}'… has 51"):
        workspace.runs.set_tags(run.id, ["x" * 51])
    dataset = workspace.datasets.add(sample_dataset())
    assert workspace.runs.submit(dataset.id, QUICK, tags=["a ", "A"]).tags == ("a",)


def test_the_tags_of_several_runs_change_together_and_others_stay(workspace: Workspace) -> None:
    first, second = submit(workspace), submit(workspace)
    workspace.runs.set_tags(first.id, ["old", "mine"])
    workspace.runs.change_tags(first.id, second.id, add=["new"], remove=["OLD"])
    assert [workspace.runs.get(run.id).tags for run in (first, second)] == [("mine", "new"), ("new",)]
    with pytest.raises(WorkspaceError, match="There is no run 'run-0000000000'"):
        workspace.runs.change_tags(first.id, "run-0000000000", add=["lost"])
    assert workspace.runs.get(first.id).tags == ("mine", "new")


def test_notes_keep_their_lines_and_have_a_maximum_length(workspace: Workspace) -> None:
    run = submit(workspace)
    assert workspace.runs.set_notes(run.id, " Why:\n- it *works* ü ").remarks == "Why:\n- it *works* ü"
    assert workspace.runs.set_notes(run.id, "").remarks == ""
    with pytest.raises(WorkspaceError, match=r"have 10,001 characters; at most 10,000 are kept"):
        workspace.runs.set_notes(run.id, "x" * 10_001)
    with pytest.raises(WorkspaceError, match="There is no run"):
        workspace.runs.set_notes("run-0000000000", "x")


def test_archived_and_deleted_runs_are_left_out_of_lists_unless_asked_for(workspace: Workspace) -> None:
    _kept, archived, deleted = (ended(workspace, name) for name in ("kept", "archived", "deleted"))
    workspace.runs.archive(archived.id, deleted.id)
    workspace.runs.delete(deleted.id)
    assert names(workspace.runs.list()) == ["kept"]
    assert names(workspace.runs.list(archived=True)) == ["archived"]
    assert names(workspace.runs.list(archived=None)) == ["archived", "kept"]
    assert names(workspace.runs.list(deleted=True)) == ["deleted"]
    workspace.runs.unarchive(archived.id)
    assert names(workspace.runs.list()) == ["archived", "kept"]
    workspace.runs.restore(deleted.id)  # as it was: archived
    assert names(workspace.runs.list(archived=True)) == ["deleted"]


def test_runs_are_filtered_by_text_tags_dataset_and_state(workspace: Workspace) -> None:
    first, second = ended(workspace, "Straße Nord"), submit(workspace, name="South")
    workspace.runs.set_tags(first.id, ["Über", "q3"])
    workspace.runs.set_notes(second.id, "Learns from\nthe NORTH too")
    assert names(workspace.runs.list(text="strasse")) == ["Straße Nord"]  # as it is folded
    assert names(workspace.runs.list(text="NOR")) == ["South", "Straße Nord"]
    assert names(workspace.runs.list(text="nord über")) == ["Straße Nord"]
    assert names(workspace.runs.list(text="nord south")) == []
    assert names(workspace.runs.list(text="%")) == []
    assert names(workspace.runs.list(tags=["ÜBER", "q3"])) == ["Straße Nord"]
    assert names(workspace.runs.list(tags=["q"])) == []
    assert names(workspace.runs.list(states=["queued", "running"])) == ["South"]
    other = workspace.datasets.add(sample_dataset(200, seed=9))
    workspace.runs.submit(other.id, QUICK, name="Elsewhere")
    assert names(workspace.runs.list(dataset_id=other.id)) == ["Elsewhere"]
    assert names(workspace.runs.list(1, text="o")) == ["South"]


def test_a_live_run_is_neither_archived_nor_deleted_and_then_none_is(workspace: Workspace) -> None:
    done, live = ended(workspace), submit(workspace, name="Busy")
    for act, word in ((workspace.runs.archive, "archived"), (workspace.runs.delete, "deleted")):
        with pytest.raises(
            WorkspaceError, match=rf"{live.id} \(Busy\) is queued; only .* can be {word}. Stop it first"
        ):
            act(done.id, live.id)
    assert len(workspace.runs.list()) == 2


def test_deleting_keeps_everything_until_the_bin_is_emptied(workspace: Workspace) -> None:
    run = submit(workspace)
    workspace.execution.runs.claim("host/1/1.0")
    workspace.execution.runs.add_epoch(run.id, epoch_result(1))
    workspace.execution.runs.fail(run.id, "why")
    before = workspace.runs.get(run.id)
    workspace.runs.delete(run.id)
    assert workspace.runs.get(run.id).why_not_continue == f"{run.id} is deleted. Restore it, then continue it."
    since = workspace.runs.get(run.id).deleted_at
    assert since is not None and 0 <= (datetime.now(UTC) - since).total_seconds() < 60
    workspace.runs.delete(run.id)  # from another tab: it has been deleted since the first time
    assert workspace.runs.get(run.id).deleted_at == since
    workspace.runs.restore(run.id)
    assert workspace.runs.get(run.id) == before
    assert len(workspace.runs.epochs(run.id)) == 1 and run.folder.is_dir()


def test_the_bin_is_emptied_of_what_has_lain_long_enough(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new, kept = (ended(workspace, name) for name in ("old", "new", "kept"))
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 30.1 * 86_400)
    workspace.runs.delete(old.id)
    monkeypatch.setattr(time, "time", lambda: now - 29.9 * 86_400)
    workspace.runs.delete(new.id)
    monkeypatch.setattr(time, "time", lambda: now)
    assert workspace.runs.purge() == [old.id]
    assert not old.folder.exists() and new.folder.is_dir() and kept.folder.is_dir()
    assert names(workspace.runs.list(deleted=True)) == ["new"]
    assert workspace.runs.purge(older_than_days=0) == [new.id]
    assert names(workspace.runs.list(archived=None)) == ["kept"]


def test_only_what_is_deleted_can_be_removed(workspace: Workspace) -> None:
    gone, kept = ended(workspace, "gone"), ended(workspace, "kept")
    workspace.runs.delete(gone.id)
    with pytest.raises(WorkspaceError, match=rf"{kept.id} \(kept\) is not a deleted run. Delete it first"):
        workspace.runs.remove(gone.id, kept.id)
    assert gone.folder.is_dir()
    workspace.runs.remove(gone.id)
    assert not gone.folder.exists()
    with pytest.raises(WorkspaceError, match="There is no run"):
        workspace.runs.restore(gone.id)


def test_two_processes_that_tag_the_same_run_lose_nothing(workspace: Workspace, other: Workspace) -> None:
    run = submit(workspace)

    def tag(where: Workspace, letter: str) -> None:
        for number in range(8):
            where.runs.change_tags(run.id, add=[f"{letter}{number}"])

    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(tag, workspace, "a"), pool.submit(tag, other, "b")]:
            each.result()
    assert sorted(workspace.runs.get(run.id).tags) == sorted(f"{letter}{n}" for letter in "ab" for n in range(8))


def test_what_one_process_brings_back_another_does_not_remove(workspace: Workspace, other: Workspace) -> None:
    run = ended(workspace)
    workspace.runs.delete(run.id)
    other.runs.restore(run.id)
    assert workspace.runs.purge(older_than_days=0) == []
    with pytest.raises(WorkspaceError, match="is not a deleted run"):
        workspace.runs.remove(run.id)
    assert run.folder.is_dir()


def test_a_tag_is_cleaned_like_the_example() -> None:
    assert clean_tags(["\tone\n two ", "ONE TWO", "three"]) == ("one two", "three")


@pytest.mark.parametrize("kind", ["removed run", "emptied bin", "search"])
def test_a_folder_that_a_crash_left_after_its_row_was_deleted_goes_with_the_next_opening(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    run = ended(workspace)
    workspace.runs.delete(run.id)
    search = workspace.searches.submit(run.dataset_id, QUICK, SearchConfig(fields=("network.dropout",)))
    workspace.searches.request_stop(search.id)
    delete, folder = {
        "removed run": (partial(workspace.runs.remove, run.id), run.folder),
        "emptied bin": (partial(workspace.runs.purge, older_than_days=0), run.folder),
        "search": (partial(workspace.searches.delete, search.id), workspace.home / "searches" / search.id),
    }[kind]
    with monkeypatch.context() as crash, pytest.raises(KeyboardInterrupt):
        crash.setattr(shutil, "rmtree", interrupt)
        delete()
    assert folder.is_dir()
    Workspace.open(workspace.home).close()
    assert not folder.exists()


def interrupt(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
