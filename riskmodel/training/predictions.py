"""The table of predictions of a training."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.split import PartName, Split

EVALUATED: tuple[PartName, ...] = ("validation", "test")
PARTS: tuple[PartName, ...] = ("train", *EVALUATED)


def tabulate_predictions(split: Split, bad: npt.NDArray[np.int8], probability: npt.NDArray[np.float64]) -> pa.Table:
    """One row per customer with an outcome.

    Args:
        split: part of each row.
        bad: int8 (n,), 1 bad and 0 good.
        probability: float64 (n,).

    Returns:
        ``row`` int64 (position in the dataset), ``part`` string, ``bad`` int8, ``probability`` float64.
    """
    rows = np.flatnonzero(split.part >= 0)
    return pa.table(
        {
            "row": pa.array(rows, pa.int64()),
            "part": pa.array(np.array(PARTS)[split.part[rows]], pa.string()),
            "bad": pa.array(bad[rows], pa.int8()),
            "probability": pa.array(probability[rows], pa.float64()),
        }
    )
