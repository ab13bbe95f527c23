"""Discrimination of a single column: its AUC, measured out of sample."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from riskmodel.evaluation.metrics import auc
from riskmodel.tables.checks.leaks.column_values import ColumnValues

ROWS_PER_LEVEL = 20
"""Numbers with fewer rows per distinct value are binned."""
MAX_BINS = 100
ROWS_PER_BIN = 50
PRIOR_ROWS = 2.0
"""Prior weight in rows of the average risk added to each category, which shrinks rare categories."""

_SEED = 20240


@dataclass(frozen=True, eq=False)
class OutcomeStrength:
    """Discrimination of one column in n labeled rows.

    Attributes:
        auc: Area under the ROC curve, in [0.5, 1] apart from chance: the largest of the methods below.
        way: `higher` or `lower` for the rank of numbers or dates, `levels` for single values or ranges.
        codes: (n,) int64, the category or bin of each row; 0 where the value is missing.
        chance: Standard deviation of the AUC of a random column, from the numbers of bad and good customers.
    """

    auc: float
    way: Literal["higher", "lower", "levels"]
    codes: npt.NDArray[np.int64]
    chance: float


def measure_strength(
    column: ColumnValues, bad: npt.NDArray[np.integer], halves: npt.NDArray[np.bool_]
) -> OutcomeStrength:
    """The AUC of one column: by rank in both directions, and by the risk of its categories or bins out of sample.

    Missing values count as the lowest, then as the highest number, and as a category of their own. The risk of a
    category is learned in one half and measured in the other, in both directions, so a column of many categories gains
    nothing.

    Args:
        column: (n,) values.
        bad: (n,) 1 bad, 0 good; both must occur in both halves.
        halves: (n,) bool, as `split_halves` gives it.
    """
    codes = _code(column)
    by_levels = _auc_of_levels(codes, bad, halves)
    best: tuple[float, Literal["higher", "lower", "levels"]] = (by_levels, "levels")
    if column.reads != "levels":
        for area in _areas_by_rank(column, bad):
            if max(area, 1 - area) > best[0]:
                best = (area, "higher") if area > 0.5 else (1 - area, "lower")
    num_bads = int(np.count_nonzero(bad == 1))
    num_goods = len(bad) - num_bads
    chance = math.sqrt((len(bad) + 1) / (12 * num_bads * num_goods))
    return OutcomeStrength(best[0], best[1], codes, chance)


def split_halves(bad: npt.NDArray[np.integer]) -> npt.NDArray[np.bool_]:
    """The half of each row, (n,) bool; bad and good customers are divided evenly and reproducibly."""
    first = np.zeros(len(bad), dtype=np.bool_)
    generator = np.random.default_rng(_SEED)
    for outcome in (0, 1):
        rows = generator.permutation(np.flatnonzero(bad == outcome))
        first[rows[: len(rows) // 2]] = True
    return first


def _areas_by_rank(column: ColumnValues, bad: npt.NDArray[np.integer]) -> list[float]:
    if column.present.all():
        return [auc(bad, column.values)]
    if not column.present.any():
        return []
    known = column.values[column.present]
    ends = (np.nextafter(known.min(), -np.inf), np.nextafter(known.max(), np.inf))
    return [auc(bad, np.where(column.present, column.values, end)) for end in ends]


def _code(column: ColumnValues) -> npt.NDArray[np.int64]:
    """Categories or bins from 1, 0 for missing; a frequent value has its own bin."""
    codes = np.zeros(len(column.values), dtype=np.int64)
    known = column.values[column.present]
    if len(known) == 0:
        return codes
    distinct, places = np.unique(known, return_inverse=True)
    if column.reads != "levels" and len(distinct) * ROWS_PER_LEVEL > len(known):
        num_bins = int(np.clip(len(known) // ROWS_PER_BIN, 2, MAX_BINS))
        edges = np.unique(np.quantile(known, np.arange(1, num_bins) / num_bins, method="lower"))
        # The sum of both indices is even between two edges and odd on an edge: a value on an edge has its own bin.
        places = np.searchsorted(edges, known, side="left") + np.searchsorted(edges, known, side="right")
    codes[column.present] = places + 1
    return codes


def _auc_of_levels(codes: npt.NDArray[np.int64], bad: npt.NDArray[np.integer], halves: npt.NDArray[np.bool_]) -> float:
    size = int(codes.max()) + 1
    areas = []
    for learned in (halves, ~halves):
        usual = float(bad[learned].mean())
        rows = np.bincount(codes[learned], minlength=size)
        bads = np.bincount(codes[learned], weights=bad[learned], minlength=size)
        risk = (bads + PRIOR_ROWS * usual) / (rows + PRIOR_ROWS)
        areas.append(auc(bad[~learned], risk[codes[~learned]]))
    return float(np.mean(areas))
