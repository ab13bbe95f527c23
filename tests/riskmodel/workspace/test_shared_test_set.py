"""Test customers that are common to several runs."""

import dataclasses
import re
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from riskmodel.errors import WorkspaceError
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.sample import write_sample
from riskmodel.workspace.runs.run_record import PREDICTIONS_FILE, RunRecord
from riskmodel.workspace.shared_test_set import find_common_test
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import QUICK, sample_dataset

NUM_ROWS = 300


def finish(workspace: Workspace, dataset_id: str, test: npt.NDArray[np.int64], name: str) -> RunRecord:
    """A run that ended with these test customers; the probability of row i is i / 1000."""
    run = workspace.runs.submit(dataset_id, QUICK, name=name, device="cpu")
    workspace.execution.runs.claim("host/1/1.0")
    bad = workspace.datasets.load(dataset_id).bad()
    part = np.where(np.isin(np.arange(NUM_ROWS), test), "test", "train")
    rows = np.random.default_rng(1).permutation(NUM_ROWS)  # whatever their order in the file
    columns = {"row": rows, "part": part[rows], "bad": bad[rows], "probability": rows / 1000}
    pq.write_table(pa.table(columns), run.folder / PREDICTIONS_FILE)
    workspace.execution.runs.finish(run.id, stopped=False, best_epoch=1, metrics={})
    return workspace.runs.get(run.id)


def test_the_same_split_has_the_same_customers_with_each_run_s_probability(workspace: Workspace) -> None:
    dataset = workspace.datasets.add(sample_dataset(NUM_ROWS))
    rows = np.arange(0, 300, 2)
    runs = [finish(workspace, dataset.id, rows, name) for name in ("first", "second")]
    found = find_common_test(workspace, runs)
    assert found.rows.tolist() == rows.tolist() and found.is_whole
    assert found.bad.tolist() == workspace.datasets.load(dataset.id).bad()[rows].tolist()
    assert found.probabilities.tolist() == [(rows / 1000).tolist()] * 2
    num_bads = np.count_nonzero(found.bad)
    assert found.describe() == f"The same test customers of all runs: 150 customers, {num_bads} of them bad."


def test_of_different_splits_only_the_customers_that_no_run_learned_from(workspace: Workspace) -> None:
    dataset = workspace.datasets.add(sample_dataset(NUM_ROWS))
    tests = [np.arange(0, 200), np.arange(100, 300), np.arange(50, 250)]
    runs = [finish(workspace, dataset.id, rows, f"run {number}") for number, rows in enumerate(tests)]
    found = find_common_test(workspace, runs)
    assert found.rows.tolist() == list(range(100, 200))
    assert found.num_test == (200, 200, 200) and not found.is_whole
    assert "The runs have different splits (test customers: 200, 200 and 200)" in found.describe()
    assert "in common, on which none was trained: 100 customers" in found.describe()


def test_too_few_in_common_are_refused(workspace: Workspace) -> None:
    dataset = workspace.datasets.add(sample_dataset(NUM_ROWS))
    runs = [finish(workspace, dataset.id, rows, "some") for rows in (np.arange(0, 160), np.arange(150, 300))]
    with pytest.raises(WorkspaceError, match=r"10 test customers in common, \d of them bad; at least 10 good and 10 "):
        find_common_test(workspace, runs)


def test_runs_of_other_customers_raise(workspace: Workspace) -> None:
    ids = [workspace.datasets.add(sample_dataset(NUM_ROWS, seed, f"{seed}.csv")).id for seed in (1, 2)]
    runs = [finish(workspace, each, np.arange(300), name) for each, name in zip(ids, ("old", "new"), strict=True)]
    words = (
        "'old' was trained on the dataset '1.csv' (300 rows) and 'new' on '2.csv' (300 rows), and they were made of "
        "different files; so they have no common test customers. Train one of them on the other's dataset"
    )
    with pytest.raises(WorkspaceError, match=re.escape(words)):
        find_common_test(workspace, runs)


def two_datasets(workspace: Workspace, folder: Path, bad: str = "1") -> list[str]:
    """Of one file: all columns, and all but one, by other roles."""
    path = folder / "customers.csv"
    write_sample(path, NUM_ROWS, 7)
    source = workspace.sources.add(path.name, path)
    whole = Dataset.from_file(path, target="defaulted", bad="1", identifiers=["customer_id"])
    other = Dataset.from_file(path, target="defaulted", bad=bad, identifiers=["customer_id"])
    fewer = other.with_ignored(["income"], whole.table) if "income" in whole.schema.names else other
    renamed = dataclasses.replace(fewer, name="other")
    return [workspace.datasets.add(each, source.id).id for each in (whole, renamed)]


def test_two_datasets_of_one_file_hold_the_same_customers(workspace: Workspace, tmp_path: Path) -> None:
    ids = two_datasets(workspace, tmp_path)
    assert ids[0] != ids[1]
    runs = [finish(workspace, each, np.arange(200), "a") for each in ids]
    assert find_common_test(workspace, runs).is_whole


def test_other_outcomes_are_other_customers(workspace: Workspace, tmp_path: Path) -> None:
    runs = [finish(workspace, dataset, np.arange(200), "a") for dataset in two_datasets(workspace, tmp_path, bad="0")]
    with pytest.raises(WorkspaceError, match="and their outcomes differ"):
        find_common_test(workspace, runs)


def test_a_run_without_predictions_is_named(workspace: Workspace) -> None:
    dataset = workspace.datasets.add(sample_dataset(NUM_ROWS))
    done = finish(workspace, dataset.id, np.arange(300), "done")
    waiting = workspace.runs.submit(dataset.id, QUICK, name="waiting")
    with pytest.raises(WorkspaceError, match="Run 'waiting' has no predictions to compare: it is queued"):
        find_common_test(workspace, [done, waiting])
