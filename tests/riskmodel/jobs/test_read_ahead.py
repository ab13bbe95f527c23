"""Files that a waiting trainer reads before it receives its run."""

from pathlib import Path

import pytest

from riskmodel.config.presets import preset
from riskmodel.jobs import read_ahead
from riskmodel.jobs.read_ahead import NOTHING_AHEAD, ReadAhead
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import sample_dataset


def test_it_is_the_dataset_whose_configuration_was_changed_last(workspace: Workspace) -> None:
    assert ReadAhead.of(workspace) == NOTHING_AHEAD
    first, second = (workspace.datasets.add(sample_dataset(seed=seed)).id for seed in (1, 2))
    for dataset_id in (first, second, first):
        workspace.drafts.put(dataset_id, preset("mission" if dataset_id == first else "fast"))
        workspace.drafts.put(dataset_id, preset("best"))
        ahead = ReadAhead.of(workspace)
        assert ahead.dataset_id == dataset_id
        read = ahead.get(dataset_id)
        assert read is not None and read.table == workspace.datasets.load(dataset_id).table
        assert ahead.get(second if dataset_id == first else first) is None


def test_a_large_or_damaged_one_is_left_to_the_run(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset_id = workspace.datasets.add(sample_dataset(300)).id
    workspace.drafts.put(dataset_id, preset("fast"))
    with monkeypatch.context() as small:
        small.setattr(read_ahead, "MAX_ROWS", 299)
        assert ReadAhead.of(workspace) == NOTHING_AHEAD
    assert ReadAhead.of(workspace).dataset_id == dataset_id
    Path(workspace.datasets.get(dataset_id).path).write_bytes(b"no longer Parquet")
    assert ReadAhead.of(workspace) == NOTHING_AHEAD
