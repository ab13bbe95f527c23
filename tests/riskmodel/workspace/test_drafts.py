"""Drafts: saved at every change, with undo and redo."""

import sqlalchemy as sa

from riskmodel.config.run import RunConfig
from riskmodel.config.search_space import with_values
from riskmodel.workspace.drafts import MAX_STEPS
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import sample_dataset


def choices(epochs: int) -> RunConfig:
    return RunConfig.from_dict({"training": {"epochs": epochs}})


def test_a_draft_is_found_again_by_another_process(workspace: Workspace) -> None:
    dataset_id = workspace.datasets.add(sample_dataset()).id
    assert workspace.drafts.get(dataset_id) is None
    draft = workspace.drafts.put(dataset_id, choices(3))
    assert (draft.config, draft.can_undo, draft.can_redo) == (choices(3), False, False)
    other = Workspace.open(workspace.home)
    assert other.drafts.get(dataset_id) == draft
    other.close()


def test_steps_are_undone_and_done_again_until_another_way_is_taken(workspace: Workspace) -> None:
    dataset_id = workspace.datasets.add(sample_dataset()).id
    for epochs in (1, 2, 2, 3):
        draft = workspace.drafts.put(dataset_id, choices(epochs))
    assert draft.can_undo and not draft.can_redo
    back = [workspace.drafts.undo(dataset_id) for _ in range(3)]
    assert [step.config.training.epochs for step in back if step] == [2, 1, 1], "the same choices again are no step"
    first = workspace.drafts.get(dataset_id)
    assert first is not None and not first.can_undo and first.can_redo
    again = workspace.drafts.redo(dataset_id)
    assert again is not None and again.config == choices(2) and again.can_undo and again.can_redo
    other_way = workspace.drafts.put(dataset_id, choices(9))
    assert other_way.can_undo and not other_way.can_redo
    assert workspace.drafts.redo(dataset_id) == other_way
    before = workspace.drafts.undo(dataset_id)
    assert before is not None and before.config == choices(2)


def test_a_change_since_a_base_keeps_what_another_tab_changed(workspace: Workspace) -> None:
    dataset_id = workspace.datasets.add(sample_dataset()).id
    base = workspace.drafts.put(dataset_id, choices(3)).config
    workspace.drafts.put(dataset_id, with_values(base, {"network.dropout": 0.33}), base)
    draft = workspace.drafts.put(dataset_id, with_values(base, {"training.patience": 9}), base)
    assert draft.config == with_values(base, {"network.dropout": 0.33, "training.patience": 9})
    undone = workspace.drafts.undo(dataset_id)
    assert undone is not None and undone.config == with_values(base, {"network.dropout": 0.33})


def test_changes_that_are_not_valid_together_leave_the_later_one(workspace: Workspace) -> None:
    dataset_id = workspace.datasets.add(sample_dataset()).id
    base = workspace.drafts.put(dataset_id, choices(3)).config
    workspace.drafts.put(dataset_id, with_values(base, {"split.test_share": 0.6}), base)
    later = with_values(base, {"split.validation_share": 0.6})
    assert workspace.drafts.put(dataset_id, later, base).config == later


def test_each_dataset_has_its_own(workspace: Workspace) -> None:
    first, second = (workspace.datasets.add(sample_dataset(name=name)).id for name in ("a.csv", "b.csv"))
    workspace.drafts.put(first, choices(1))
    workspace.drafts.put(second, choices(2))
    assert [workspace.drafts.get(each).config.training.epochs for each in (first, second)] == [1, 2]  # type: ignore[union-attr]
    assert workspace.drafts.undo(first) == workspace.drafts.get(first)


def test_old_steps_are_forgotten(workspace: Workspace) -> None:
    dataset_id = workspace.datasets.add(sample_dataset()).id
    for epochs in range(1, MAX_STEPS + 11):
        workspace.drafts.put(dataset_id, choices(epochs))
    with workspace.drafts._database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(db.draft_steps)) == MAX_STEPS


def test_the_configuration_of_another_version_is_no_draft(workspace: Workspace) -> None:
    dataset_id = workspace.datasets.add(sample_dataset()).id
    workspace.drafts.put(dataset_id, choices(1))
    with workspace.drafts._database.writing() as connection:
        connection.execute(sa.update(db.draft_steps).values(config='{"network": {"rubber": 1}}'))
    assert workspace.drafts.get(dataset_id) is None
    assert workspace.drafts.put(dataset_id, choices(2)).config == choices(2)
