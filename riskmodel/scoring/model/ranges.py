"""Numbers of a scored file outside the range of the training file, for example after a change of unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from riskmodel.errors import DataError
from riskmodel.tables.arrow import as_numpy, pc
from riskmodel.tables.evidence.evidence import show_number
from riskmodel.tables.schema.schema import Schema
from riskmodel.tables.values.numbers import EXPONENTS
from riskmodel.wording import percentage

USUAL = (0.01, 0.99)
"""Quantiles of the training values between which 98% of them lie."""
MAX_OUTSIDE_SHARE = 0.5
"""Above this share of numbers outside the range, a column is likely written in another unit or notation."""
MIN_NUMBERS = 20
"""Minimum numbers for the check."""
_SAMPLED = 200_000

Range = tuple[float, float]


@dataclass(frozen=True)
class OutsideCells:
    """Numbers of one column below or above the range of the training file.

    Attributes:
        count: How many.
        num_present: Cells of the column that are not missing.
        low, high: The range, both ends included, in which 98% of the training values lie.
    """

    count: int
    num_present: int
    low: float
    high: float

    @property
    def is_excessive(self) -> bool:
        """Whether so many numbers are outside that the column is likely written differently."""
        return self.num_present >= MIN_NUMBERS and self.count > MAX_OUTSIDE_SHARE * self.num_present

    def warn(self, name: str) -> str:
        """Warning text: finding and advice."""
        many = f"{self.count:,} of {self.num_present:,} numbers ({percentage(self.count / self.num_present)})"
        return (
            f"'{name}': {many} are outside the range of the training file, where 98% are between "
            f"{show_number(self.low)} and {show_number(self.high)}. Check the unit, the decimal mark and the "
            "thousands separators of this column."
        )


def find_rescaled(training: Schema, reading: Schema) -> dict[str, str]:
    """By numerical column, the sign that multiplies its numbers in only one of two schemas, such as ``%``."""
    found = {}
    for name in training.numerical:
        affixes = [
            column.number_format.affix if column.number_format else ""
            for column in (training.column(name), reading.column(name))
        ]
        exponents = [EXPONENTS.get(affix, 0) for affix in affixes]
        if exponents[0] != exponents[1]:
            found[name] = next(affix for affix in affixes if affix in EXPONENTS)
    return found


def describe_rescaled(name: str, sign: str, cells: OutsideCells) -> str:
    """Reason that numbers with or without a sign such as ``%`` likely have another scale; else empty.

    Args:
        name: The column.
        sign: From `find_rescaled`.
        cells: Its numbers outside the range of the training file.
    """
    if cells.count <= MAX_OUTSIDE_SHARE * cells.num_present:
        return ""
    many = f"{cells.count:,} of its {cells.num_present:,} numbers"
    return (
        f"Column '{name}' is written with '{sign}' either in the training file or in this one, and {many} are outside "
        f"the range of the training file, where 98% are between {show_number(cells.low)} and {show_number(cells.high)} "
        f"(12 {sign} is {12 * 10.0 ** EXPONENTS[sign]:,.15g}). Write the numbers on the scale of the training file."
    )


def check_scale(table: pa.Table, training: Schema, reading: Schema, ranges: Mapping[str, Range]) -> None:
    """Raise DataError if numbers of a typed table have another scale than in the training file.

    That is if a column is written with a sign such as ``%`` in the training file and without one here, and most of
    the numbers are outside the range of the training file, but within it on the scale of the sign.
    """
    for name, sign in find_rescaled(training, reading).items():
        if name in ranges and name in table.column_names:
            cells = count_outside(table, {name: ranges[name]})[name]
            scaled = table.select([name]).set_column(0, name, pc.multiply(table[name], 10.0 ** EXPONENTS[sign]))
            fits = count_outside(scaled, {name: ranges[name]})[name]
            reason = describe_rescaled(name, sign, cells)
            if reason and 2 * fits.count < fits.num_present:
                raise DataError(reason)


def learn_ranges(table: pa.Table, names: Iterable[str]) -> dict[str, Range]:
    """By column, the 1% and 99% quantiles of its numbers; columns without any are excluded.

    Args:
        table: A typed table; of large ones, every k-th row is used.
        names: Numerical columns, float64; missing ones are ignored.
    """
    found = {}
    for name in sorted(set(names) & set(table.column_names)):
        values = as_numpy(table[name].drop_null())
        values = values[:: max(1, len(values) // _SAMPLED)]
        values = values[np.isfinite(values)]
        if len(values):
            low, high = np.quantile(values, USUAL)
            found[name] = (float(low), float(high))
    return found


def count_outside(table: pa.Table, ranges: Mapping[str, Range]) -> dict[str, OutsideCells]:
    """By column of the ranges, the numbers of a typed table that lie outside."""
    found = {}
    for name, (low, high) in ranges.items():
        cells = table[name]
        outside = pc.sum(pc.or_(pc.less(cells, low), pc.greater(cells, high))).as_py() or 0
        found[name] = OutsideCells(outside, len(cells) - cells.null_count, low, high)
    return found


def add_outside(first: Mapping[str, OutsideCells], second: Mapping[str, OutsideCells]) -> dict[str, OutsideCells]:
    """The sum of the counts of two parts of one file; either may be empty."""
    total = dict(first)
    for name, cells in second.items():
        before = total.get(name)
        if before is not None:
            cells = replace(cells, count=before.count + cells.count, num_present=before.num_present + cells.num_present)
        total[name] = cells
    return total
