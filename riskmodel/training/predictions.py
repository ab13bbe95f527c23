"""Probabilities of a dataset's customers by a finished model, and what is computed from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.evaluation.metrics import Metrics, compute_metrics
from riskmodel.tables.split import PartName, Split
from riskmodel.training.progress import NUM_PROBABILITY_BINS

EVALUATED: tuple[PartName, ...] = ("validation", "test")
PARTS: tuple[PartName, ...] = ("train", *EVALUATED)


@dataclass(frozen=True, eq=False)
class Predictions:
    """Probabilities of all n rows of a dataset.

    Attributes:
        split: Set that each row is evaluated in.
        bad: int8 (n,), 1 bad, 0 good, -1 without a known outcome.
        probability: float64 (n,), P(bad) in [0, 1].
    """

    split: Split
    bad: npt.NDArray[np.int8]
    probability: npt.NDArray[np.float64]

    def of(self, part: PartName) -> npt.NDArray[np.float64]:
        """The probabilities of one set, in the order of its rows."""
        return self.probability[self.split.rows(part)]

    def compute_metrics(self) -> dict[str, Metrics]:
        """Metrics of the validation set and, where it has customers, of the test set."""
        rows = {part: self.split.rows(part) for part in EVALUATED}
        return {part: compute_metrics(self.bad[own], self.probability[own]) for part, own in rows.items() if len(own)}

    def count(self, part: PartName) -> tuple[int, ...]:
        """Customers of one set in each of the 40 equal bins of the probability on [0, 1]."""
        counts = np.histogram(self.of(part), NUM_PROBABILITY_BINS, (0.0, 1.0))[0]
        return tuple(int(count) for count in counts)

    def to_table(self) -> pa.Table:
        """One row per customer with an outcome.

        Returns:
            ``row`` int64 (position in the dataset), ``part`` string, ``bad`` int8, ``probability`` float64.
        """
        rows = np.flatnonzero(self.split.part >= 0)
        return pa.table(
            {
                "row": pa.array(rows, pa.int64()),
                "part": pa.array(np.array(PARTS)[self.split.part[rows]], pa.string()),
                "bad": pa.array(self.bad[rows], pa.int8()),
                "probability": pa.array(self.probability[rows], pa.float64()),
            }
        )
