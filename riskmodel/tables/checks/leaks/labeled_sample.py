"""The sample of labeled customers in which leaks are searched, stratified by outcome."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.checks.leaks.column_values import ColumnValues, read_values
from riskmodel.tables.checks.leaks.outcome_strength import split_halves
from riskmodel.tables.dataset import Dataset

MAX_PER_OUTCOME = 60_000
"""Sample size per outcome that estimates shares, and so the AUC, to a third of a percent."""

_SEED = 20241


@dataclass(frozen=True, eq=False)
class LabeledSample:
    """n labeled customers, drawn separately from the good and the bad ones.

    Attributes:
        dataset: Their dataset.
        table: Their rows, n.
        bad: (n,) int8, 1 bad, 0 good.
        halves: (n,) bool, the half of each row.
        bad_rate: Bad rate of all labeled customers, in [0, 1].
        num_bads, num_goods: Customers in the sample.
        drawn: True if some labeled customers are not in the sample.
    """

    dataset: Dataset
    table: pa.Table
    bad: npt.NDArray[np.int8]
    halves: npt.NDArray[np.bool_]
    bad_rate: float
    num_bads: int
    num_goods: int
    drawn: bool

    def describe(self) -> str:
        """Description of the sample; empty where it holds all labeled customers."""
        if not self.drawn:
            return ""
        return f"Leaks were checked among {self.num_bads:,} bad and {self.num_goods:,} good customers, drawn at random."

    def read(self, name: str) -> ColumnValues:
        """One column's values among these customers."""
        schema = self.dataset.schema
        return read_values(self.table[name], schema.column(name), schema.missing_markers)


def draw_labeled(dataset: Dataset) -> LabeledSample:
    """At most 60,000 bad and 60,000 good customers, in the table's order; the same ones each time."""
    bad = dataset.bad()
    generator = np.random.default_rng(_SEED)
    chosen = np.zeros(len(bad), dtype=np.bool_)
    counts = []
    for outcome in (0, 1):
        rows = np.flatnonzero(bad == outcome)
        counts.append(len(rows))
        chosen[rows if len(rows) <= MAX_PER_OUTCOME else generator.choice(rows, MAX_PER_OUTCOME, False)] = True
    kept = bad[chosen]
    return LabeledSample(
        dataset=dataset,
        table=dataset.table.filter(pa.array(chosen)),
        bad=kept,
        halves=split_halves(kept),
        bad_rate=counts[1] / max(sum(counts), 1),
        num_bads=int(np.count_nonzero(kept == 1)),
        num_goods=int(np.count_nonzero(kept == 0)),
        drawn=len(kept) < sum(counts),
    )
