"""The common test customers of several runs, on which none was trained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from riskmodel.errors import WorkspaceError
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.split import MINIMUM_PER_CLASS
from riskmodel.wording import count, listed
from riskmodel.workspace.runs.predictions import read_stored_predictions
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.workspace import Workspace


@dataclass(frozen=True, eq=False)
class CommonTest:
    """The common test customers of all runs.

    Attributes:
        rows: (n,) int64, their positions in the dataset, ascending.
        bad: (n,) int8, 1 bad, 0 good.
        probabilities: (runs, n) float64, P(bad) by each run, in the order of the runs.
        num_test: test customers of each run.
    """

    rows: npt.NDArray[np.int64]
    bad: npt.NDArray[np.int8]
    probabilities: npt.NDArray[np.float64]
    num_test: tuple[int, ...]

    @property
    def is_whole(self) -> bool:
        """Whether all runs have the same test customers."""
        return all(number == len(self.rows) for number in self.num_test)

    def describe(self) -> str:
        """Description of the customers."""
        who = f"{count(len(self.rows), 'customer')}, {np.count_nonzero(self.bad):,} of them bad"
        if self.is_whole:
            return f"The same test customers of all runs: {who}."
        tests = listed([f"{number:,}" for number in self.num_test])
        return (
            f"The runs have different splits (test customers: {tests}). Compared on the test customers "
            f"in common, on which none was trained: {who}."
        )


def find_common_test(workspace: Workspace, runs: Sequence[RunRecord]) -> CommonTest:
    """The common test customers of two or more runs, with each run's probabilities.

    Runs have the same customers if they were trained on the same dataset, or on two made from the same file
    with other roles and have the same outcomes and identifiers row by row.

    Raises:
        WorkspaceError: a run has no model, its predictions are damaged, the customers differ, or too few are
            left to compare on.
    """
    tests = [_read_test(run) for run in runs]
    for run in runs[1:]:
        _check_same_customers(workspace, runs[0], run)
    rows = reduce(np.intersect1d, [table["row"].to_numpy() for table in tests])
    kept = [table.take(np.searchsorted(table["row"].to_numpy(), rows)) for table in tests]
    bad = kept[0]["bad"].to_numpy()
    num_bads = int(np.count_nonzero(bad))
    if min(num_bads, len(bad) - num_bads) < MINIMUM_PER_CLASS:
        raise WorkspaceError(
            f"The runs have {count(len(bad), 'test customer')} in common, {num_bads:,} of them bad; at least "
            f"{MINIMUM_PER_CLASS} good and {MINIMUM_PER_CLASS} bad ones are needed. Train them with the same split and "
            "the same seed."
        )
    probabilities = np.stack([table["probability"].to_numpy() for table in kept])
    return CommonTest(rows, bad, probabilities, tuple(table.num_rows for table in tests))


def _read_test(run: RunRecord) -> pa.Table:
    if run.predictions_path is None:
        raise WorkspaceError(
            f"Run '{run.name}' has no predictions to compare: it is {run.state_name}. Choose a run that has finished, "
            "or train it again."
        )
    return read_stored_predictions(run).filter(pc.field("part") == "test").sort_by("row")


def _check_same_customers(workspace: Workspace, first: RunRecord, other: RunRecord) -> None:
    if first.dataset_id == other.dataset_id:
        return
    one, two = workspace.datasets.get(first.dataset_id), workspace.datasets.get(other.dataset_id)
    why = "they were made of different files"
    if one.source_id is not None and one.source_id == two.source_id:
        why = _find_difference(workspace.datasets.load(one.id), workspace.datasets.load(two.id))
    if why:
        raise WorkspaceError(
            f"'{first.name}' was trained on the dataset '{one.name}' ({one.num_rows:,} rows) and '{other.name}' on "
            f"'{two.name}' ({two.num_rows:,} rows), and {why}; so they have no common test customers. Train one of "
            "them on the other's dataset, then compare."
        )


def _find_difference(one: Dataset, two: Dataset) -> str:
    """Why the rows of two datasets of one file are different customers; empty if they are the same."""
    if one.num_rows != two.num_rows:
        return "they do not have the same rows of the file"
    if not np.array_equal(one.bad(), two.bad()):
        return "their outcomes differ"
    both = [name for name in one.schema.identifiers if name in two.schema.identifiers]
    if any(not one.table[name].equals(two.table[name]) for name in both):
        return "their identifiers differ"
    return ""
