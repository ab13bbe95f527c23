"""Detection of columns in which some dates have the day first and others the month."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.tables.arrow import Array, as_numpy, pc
from riskmodel.tables.evidence.evidence import ColumnTexts
from riskmodel.tables.evidence.odd_cells import OddCells, find_odd_cells
from riskmodel.tables.values.date_notation import to_notation
from riskmodel.tables.values.dates import day_format_of, parse_dates, read_dates
from riskmodel.wording import count

_DAY_FIRST = tuple(f"%d{mark}%m{mark}%{year}" for year in "Yy" for mark in "/-.")


@dataclass(frozen=True)
class TwoOrders:
    """Dates of one column in two orders.

    Attributes:
        day_format: The day-first format, such as ``%d/%m/%Y``; the other one is month-first.
        day_first: The cells that are dates only in the day-first format.
        month_first: The cells that are dates only in the month-first format.
        num_either: Number of cells that are dates in both orders.
        num_dates: Number of cells that are dates in either order, or in another, unambiguous format.
    """

    day_format: str
    day_first: OddCells
    month_first: OddCells
    num_either: int
    num_dates: int

    def describe(self) -> str:
        """The problem and the remedy."""
        dates = ("cell is a date", "cells are dates")
        formats = f"{to_notation(self.day_format)} or {to_notation(swap(self.day_format))}"
        day_first = f"{count(self.day_first.num_cells, *dates)} only with the day first"
        month_first = f"{count(self.month_first.num_cells, *dates)} only with the month first"
        return (
            f"ambiguous dates: {day_first}: {self.day_first.describe()}, {month_first}: "
            f"{self.month_first.describe()}, and {self.num_either:,} could be either: write all dates in one order, or "
            f"make it a date column with the format {formats}, and read the others "
            "as missing or reject their rows"
        )


def swap(date_format: str) -> str:
    """The format with day and month exchanged.

    Example:
        >>> swap("%d/%m/%Y")
        '%m/%d/%Y'
    """
    return date_format.replace("%d", "%D").replace("%m", "%d").replace("%D", "%m")


def find_two_orders(texts: ColumnTexts, date_format: str | None = None) -> TwoOrders | None:
    """The dates of a column with both orders, whose ambiguous cells are undecidable; None without both orders.

    Args:
        texts: The column.
        date_format: The format of most of its dates; None to try all of those that begin with day and month.
    """
    different, missing = texts.different, as_numpy(texts.are_missing)
    if date_format is not None:
        days = day_format_of(date_format)
        candidates = tuple(date_format for date_format in _DAY_FIRST if days in (date_format, swap(date_format)))
    else:
        candidates = _DAY_FIRST
    by_format = [
        (date_format, *(_find_days(different, order) & ~missing for order in (date_format, swap(date_format))))
        for date_format in candidates
    ]
    mixed = [
        candidate
        for candidate in by_format
        if (candidate[1] & ~candidate[2]).any() and (candidate[2] & ~candidate[1]).any()
    ]
    if not mixed:
        return None
    day_format, by_day, by_month = max(mixed, key=lambda candidate: int((candidate[1] | candidate[2]).sum()))
    map_values = texts.encoded.map_marks
    return TwoOrders(
        day_format,
        find_odd_cells(texts, map_values(by_day & ~by_month)),
        find_odd_cells(texts, map_values(by_month & ~by_day)),
        int(np.count_nonzero(map_values(by_day & by_month))),
        int(np.count_nonzero(map_values(by_month | (~read_dates(different, day_format)[1] & ~missing)))),
    )


def _find_days(different: Array, date_format: str) -> npt.NDArray[np.bool_]:
    are_valid: npt.NDArray[np.bool_] = as_numpy(pc.is_valid(parse_dates(different, date_format, any_time=True)[0]))
    return are_valid
