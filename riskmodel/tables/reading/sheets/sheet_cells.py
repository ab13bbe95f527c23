"""Converts a sheet's cells from Python objects to text, a column at a time."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from riskmodel.tables.arrow import Array, strings
from riskmodel.tables.reading.typed.cell_text import TimeForm, to_text

_EXACT = 2**53
_NUMBERS = {float, int}


def find_cells_form(values: Sequence[object]) -> TimeForm:
    """The precision needed to write the times among a column's cells.

    Example:
        >>> find_cells_form([datetime.date(2015, 3, 1), 5.0, ""])
        'day'
    """
    if datetime.datetime not in set(map(type, values)):
        return "day"
    fractions = any(isinstance(value, datetime.datetime) and value.microsecond for value in values)
    return "fraction" if fractions else "second"


def cells_to_text(values: Sequence[Any], form: TimeForm) -> Array:
    """Cells as (n,) string, written as in `cell_text`; durations as hours, minutes and seconds (``36:00:00``).

    Args:
        values: (n,) texts, numbers, booleans, dates, times and durations; the empty text where a cell is empty.
        form: The format of the column's dates and times.

    Example:
        >>> cells_to_text([3.0, "", True, "007", datetime.date(2015, 3, 1)], "day").to_pylist()
        ['3', '', 'true', '007', '2015-03-01']
    """
    kinds = set(map(type, values))
    if kinds == {str}:
        return strings(values)
    if kinds <= {*_NUMBERS, str} and {value for value in values if isinstance(value, str)} <= {""}:
        return to_text(pa.array([None if value == "" else value for value in values], pa.float64()))
    return strings(_cell_to_text(value, form) for value in values)


def row_to_texts(cells: Sequence[Any]) -> list[str]:
    """The cells of one row as texts."""
    return [cell if isinstance(cell, str) else str(cells_to_text([cell], "day")[0]) for cell in cells]


def _cell_to_text(value: Any, form: TimeForm) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | int):
        return _number(value)
    if isinstance(value, datetime.timedelta):
        return _duration(value)
    if isinstance(value, datetime.time):
        return value.isoformat()
    if not isinstance(value, datetime.datetime):
        if form == "day":
            return str(value.isoformat())
        value = datetime.datetime.combine(value, datetime.time())
    return str(value.isoformat(" ", "microseconds" if form == "fraction" else "seconds"))


def _number(value: float) -> str:
    if abs(value) <= _EXACT and value == int(value):
        return str(int(value))
    return repr(value).removesuffix(".0").replace("e-0", "e-")


def _duration(value: datetime.timedelta) -> str:
    sign = "-" if value < datetime.timedelta() else ""
    seconds, fraction = divmod(abs(value), datetime.timedelta(seconds=1))
    hours, seconds = divmod(seconds, 3600)
    rest = f".{fraction.microseconds:06d}".rstrip("0") if fraction else ""
    return f"{sign}{hours}:{seconds // 60:02d}:{seconds % 60:02d}{rest}"
