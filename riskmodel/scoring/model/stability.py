"""Population stability of a scored file: its columns and bands compared with the training file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, model_validator

from riskmodel.evaluation.psi import CLEAR_SHIFT, SLIGHT_SHIFT, compute_psi, psi_by_chance
from riskmodel.tables.arrow import Cells, as_numpy, pc
from riskmodel.tables.schema.schema import Schema

Counts = npt.NDArray[np.int64]
Reading = Literal["stable", "moderate", "large"]
READINGS: Mapping[Reading, str] = {"stable": "stable", "moderate": "moderate shift", "large": "large shift"}

NUM_BINS = 10
MAX_VALUES = 20
"""Maximum distinct numbers that are counted by value."""
MAX_LEVELS = 50
"""Maximum categories that are counted by category, the most frequent; the others are counted together."""
MAX_COUNTED = 8_192
"""Maximum rows of a block of a scored file that are counted; of more rows, each k-th row counts k times."""
_SAMPLED = 200_000


@dataclass(frozen=True)
class Stability:
    """Population stability index of one distribution.

    Attributes:
        psi: Sum over bins of (q − p) ln(q / p), for shares p in training and q in the scored file; ≥ 0.
        chance: The index expected without a shift, which is large for few rows (`riskmodel.evaluation.psi`).
    """

    psi: float
    chance: float

    @property
    def reading(self) -> Reading:
        """By the usual rule: below .1 stable, from .25 large, else moderate (N. Siddiqi, Credit Risk Scorecards, 2006).

        Twice the index expected by chance is added to both limits, so that few rows give no false alarm.
        """
        if self.psi < SLIGHT_SHIFT + 2 * self.chance:
            return "stable"
        return "large" if self.psi >= CLEAR_SHIFT + 2 * self.chance else "moderate"


def compute_stability(before: npt.ArrayLike, after: npt.ArrayLike) -> Stability | None:
    """The index of two counts (m,) in the same bins; None if one side has no rows.

    Example:
        >>> round(compute_stability([50, 50], [25, 75]).psi, 4)  # -0.25 ln 0.5 + 0.25 ln 1.5
        0.2747
    """
    psi = compute_psi(before, after)
    return None if np.isnan(psi) else Stability(psi, psi_by_chance(before, after))


class ColumnBins(BaseModel):
    """Bins of one column, and the rows of the training file in each.

    Attributes:
        edges: Ascending limits between the bins of a numerical column; a bin includes its lower limit.
        levels: Categories that are bins of their own; None for a numerical column.
        counts: Rows of the training file: by bin of numbers, or by category and one bin of other categories; the last
            bin is that of the missing cells.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    edges: tuple[float, ...] = ()
    levels: tuple[str, ...] | None = None
    counts: tuple[Annotated[int, Field(ge=0)], ...]

    @model_validator(mode="after")
    def _check_lengths(self) -> Self:
        needed = 2 + (len(self.edges) if self.levels is None else len(self.levels))
        if len(self.counts) != needed:
            raise ValueError(f"{needed} counts are needed for the bins of a column; received {len(self.counts)}")
        return self

    def count(self, cells: Cells) -> Counts:
        """Rows of typed cells in each bin, int64 (m,), as `counts`.

        Args:
            cells: float64 for a numerical column, else string; null where missing.
        """
        num_missing = cells.null_count
        if self.levels is None:
            numbers = as_numpy(cells.drop_null() if num_missing else cells)
            places = np.searchsorted(np.array(self.edges), numbers, side="right")
            return np.append(np.bincount(places, minlength=len(self.edges) + 1), num_missing).astype(np.int64)
        found = pc.index_in(cells, value_set=pa.array(self.levels, pa.string()))
        known = np.bincount(as_numpy(found.drop_null()), minlength=len(self.levels))
        return np.array([*known, found.null_count - num_missing, num_missing], np.int64)


def learn_bins(table: pa.Table, schema: Schema) -> dict[str, ColumnBins]:
    """Bins of the columns of a training file: tenths of the numbers, values or categories where there are few.

    Dates have none, because they shift with time. Tenths are computed on a sample of at most 200,000 rows.

    Args:
        table: Typed input columns.
        schema: Of the table.
    """
    bins = {}
    for name in table.column_names:
        kind = schema.kind_of(name)
        if kind == "numerical":
            empty = _numerical_bins(table[name])
        elif kind == "categorical":
            empty = _categorical_bins(table[name])
        else:
            continue
        bins[name] = empty.model_copy(update={"counts": tuple(int(count) for count in empty.count(table[name]))})
    return bins


def _numerical_bins(cells: Cells) -> ColumnBins:
    numbers = as_numpy(cells.drop_null())
    values = np.unique(numbers[:: -(-len(numbers) // _SAMPLED) or 1])
    if len(values) <= MAX_VALUES:
        edges = np.unique(np.concatenate([values, np.nextafter(values, np.inf)]))  # numbers between have own bins
    else:
        sample = numbers[:: -(-len(numbers) // _SAMPLED)]
        edges = np.unique(np.quantile(sample, np.linspace(0, 1, NUM_BINS + 1)[1:-1]))
    return ColumnBins(edges=tuple(float(edge) for edge in edges), counts=(0,) * (len(edges) + 2))


def _categorical_bins(cells: Cells) -> ColumnBins:
    counted = pc.value_counts(cells.drop_null())
    pairs = zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True)
    levels = [level for level, _ in sorted(pairs, key=lambda pair: -pair[1])][:MAX_LEVELS]
    return ColumnBins(levels=tuple(levels), counts=(0,) * (len(levels) + 2))


def count_columns(table: pa.Table, bins: Mapping[str, ColumnBins]) -> dict[str, Counts]:
    """Rows of a typed block in the bins of each column; of a long block, each k-th row counts k times."""
    if not bins or not table.num_rows:
        return {}
    step = -(-table.num_rows // MAX_COUNTED)
    if step > 1:
        table = table.select(list(bins)).take(np.arange(0, table.num_rows, step))
    return {name: step * own.count(table[name]) for name, own in bins.items()}


def add_counts(total: Mapping[str, Counts], counts: Mapping[str, Counts]) -> dict[str, Counts]:
    """The sums of two counts by column."""
    return {name: total[name] + own if name in total else own for name, own in counts.items()} or dict(total)


def compare_columns(bins: Mapping[str, ColumnBins], counts: Mapping[str, Counts]) -> dict[str, Stability]:
    """The index of each column, largest first.

    Args:
        bins: Of the training file.
        counts: Rows of the scored file in the same bins.
    """
    found = {name: compute_stability(bins[name].counts, own) for name, own in counts.items() if name in bins}
    known = {name: stability for name, stability in found.items() if stability is not None}
    return dict(sorted(known.items(), key=lambda pair: -pair[1].psi))
