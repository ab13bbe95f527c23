"""Check for groups of strongly correlated numerical columns, of which one would suffice."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.arrow import as_numpy, pc
from riskmodel.tables.checks.finding import Finding
from riskmodel.tables.checks.groups import MAX_PAIRED_COLUMNS, group_linked
from riskmodel.tables.schema.schema import Schema
from riskmodel.wording import listed, percentage, quoted

CORRELATED = 0.98
STRONGLY_CORRELATED = 0.9
"""Rank correlation from which columns form a group, of which one can be kept."""
COPIED = 0.99
"""Two columns are near-copies from this share of equal rows on."""
SAMPLE_CELLS = 2_000_000
MAX_ROWS = 20_000
MIN_SHARED_ROWS = 100
"""Minimum number of rows with both values for a coefficient."""

_BLOCK = 256
_MAX_COMPARED = 100
"""Columns of a group that are compared to name the closest pair and copies."""
_SEED = 20242


def find_correlated(table: pa.Table, schema: Schema) -> list[Finding]:
    """Groups of numerical inputs with a rank correlation of at least 0.98, each linked to another one of its group.

    Spearman's coefficient is computed over the rows of a sample that have both values, with ranks among all rows
    that have a value in the column.
    """
    names, values = _sample(table, schema)
    return [_describe(names, values, group) for group in group_linked(_find_linked(values, CORRELATED))]


def group_correlated(
    table: pa.Table, schema: Schema, minimum: float = STRONGLY_CORRELATED
) -> tuple[tuple[str, ...], ...]:
    """Groups of numerical inputs, each with a rank correlation of at least `minimum` to another one of its group.

    The sample of rows and the coefficients are those of `find_correlated`; negative coefficients count as well.
    Columns in a group of more than two need not all be correlated with each other.

    Args:
        table: Typed columns without special codes.
        schema: The roles of the columns.
        minimum: Absolute value of Spearman's coefficient, in (0, 1].

    Returns:
        Names in the table's order, the groups by their first column.
    """
    names, values = _sample(table, schema)
    return tuple(tuple(names[place] for place in group) for group in group_linked(_find_linked(values, minimum)))


def _sample(table: pa.Table, schema: Schema) -> tuple[list[str], npt.NDArray[np.float64]]:
    """The k numerical inputs with values, and their values in the n rows of the sample, (k, n), NaN where missing."""
    names = [name for name in schema.numerical if table[name].null_count < table.num_rows][:MAX_PAIRED_COLUMNS]
    if len(names) < 2:
        return [], np.empty((0, 0))
    num_rows = min(table.num_rows, MAX_ROWS, SAMPLE_CELLS // len(names) + 1)
    rows = np.sort(np.random.default_rng(_SEED).choice(table.num_rows, num_rows, replace=False))
    chosen = np.zeros(table.num_rows, dtype=np.bool_)
    chosen[rows] = True
    sample = table.select(names).filter(pa.array(chosen))
    return names, np.stack([as_numpy(pc.fill_null(sample[name], np.nan)) for name in names])


def _find_linked(values: npt.NDArray[np.float64], minimum: float) -> npt.NDArray[np.bool_]:
    """Whether each two of k columns are correlated, (k, k) bool; the coefficients themselves would take gigabytes."""
    standard = _Standardized.of(values)
    linked = np.zeros((len(values), len(values)), np.bool_)
    for start in range(0, len(values), _BLOCK):
        block = slice(start, start + _BLOCK)
        linked[block] = np.abs(standard.correlate(block)) >= minimum
    return linked


def correlate_ranks(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Spearman's coefficient of each two of k columns, (k, k) in [−1, 1]; 0 with fewer than 100 shared rows.

    Args:
        values: (k, n), NaN where missing.
    """
    return _Standardized.of(values).correlate(slice(None))


@dataclass(frozen=True, eq=False)
class _Standardized:
    """Ranks of k columns with mean 0 and standard deviation 1, and 0 where missing, (k, n); 1 where present."""

    ranks: npt.NDArray[np.float64]
    marks: npt.NDArray[np.float64]

    @classmethod
    def of(cls, values: npt.NDArray[np.float64]) -> _Standardized:
        present = np.isfinite(values)
        ranks = np.zeros_like(values)
        for row, known in enumerate(present):
            if not known.any():
                continue
            ordered = _rank(values[row, known])
            ranks[row, known] = (ordered - ordered.mean()) / max(float(ordered.std()), 1e-9)
        return cls(ranks, present.astype(np.float64))

    def correlate(self, block: slice) -> npt.NDArray[np.float64]:
        """The coefficients of b columns with all, (b, k)."""
        ranks, marks = self.ranks[block], self.marks[block]
        shared = marks @ self.marks.T
        count = np.maximum(shared, 1)
        sums = ranks @ self.marks.T  # of the first column's ranks over rows that have both
        others = marks @ self.ranks.T
        covariance = ranks @ self.ranks.T / count - sums * others / count**2
        variance = (ranks**2) @ self.marks.T / count - (sums / count) ** 2
        scale = np.sqrt(np.maximum(variance * (marks @ (self.ranks**2).T / count - (others / count) ** 2), 0))
        coefficients = np.divide(covariance, scale, out=np.zeros_like(scale), where=scale > 1e-9)
        return np.where(shared >= MIN_SHARED_ROWS, coefficients, 0.0)


def _rank(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Ranks from 1, equal values sharing their mean rank."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks: npt.NDArray[np.float64] = (np.cumsum(counts) - (counts - 1) / 2)[places]
    return ranks


def _describe(names: list[str], values: npt.NDArray[np.float64], group: tuple[int, ...]) -> Finding:
    members = [names[place] for place in group]
    kept = members[int(np.argmax([np.isfinite(values[place]).sum() for place in group]))]
    compared = group[:_MAX_COMPARED]
    correlation = np.triu(correlate_ranks(values[list(compared)]), 1)
    first, second = np.unravel_index(np.argmax(np.abs(correlation)), correlation.shape)
    one, other, closest = names[compared[first]], names[compared[second]], float(correlation[first, second])
    if len(group) == 2:
        text = f"{listed(quoted(members), 6)} rise and fall together (rank correlation {closest:.3f})"
    else:
        text = (
            f"{len(members):,} numbers rise and fall together: {listed(quoted(members), 6)} (the closest are "
            f"'{one}' and '{other}', rank correlation {closest:.3f})"
        )
    shares = ((a, b, _share_equal(values[a], values[b])) for a, b in combinations(compared, 2))
    copy = next((pair for pair in shares if pair[2] >= COPIED), None)
    if copy is not None:
        a, b, share = copy
        text += f"; '{names[a]}' and '{names[b]}' are equal {_in_rows(share)}"
    text += f". They carry the same information: '{kept}' alone would suffice and make score reasons clearer."
    leave_out = tuple(name for name in members if name != kept)
    return Finding("correlated", tuple(members), "note", text, leave_out, abs(closest))


def _share_equal(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    both = np.isfinite(one) & np.isfinite(other)
    return float(np.mean(one[both] == other[both])) if both.any() else 0.0


def _in_rows(share: float) -> str:
    return "in all rows" if share == 1 else f"in {percentage(share)} of the rows"
