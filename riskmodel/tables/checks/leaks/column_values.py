"""Columns as plain arrays for the leakage checks; texts that could be numbers or dates are read as such.

A leak is found whatever its format, so an ignored text such as ``"$60,000.00 "`` counts as 60000 here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.arrow import Array, Cells, as_numpy, pc, strings
from riskmodel.tables.schema.schema import Column
from riskmodel.tables.values.dates import TEXT_FORMATS, parse_dates
from riskmodel.tables.values.numbers import NUMBER_PATTERN
from riskmodel.wording import shorten

MAJORITY = 0.5
"""More of the present cells than this share must read as numbers or dates."""

_MAX_CHARACTERS = 40
_SAMPLE = 200
_ODD_NUMBER = (
    r"^\(?\s*[-+]?\s*(?:[A-Z]{3}|\p{Sc})?\s*[-+]?\d[\d.,'\s]*\)?\s*(?:[A-Z]{3}|\p{Sc}|%)?\s*\)?\s*$"  # (€ 1.234,50)
)
_Parse = Callable[[Array], tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]]
_DECIMAL_COMMA = r",\d{1,2}$"


@dataclass(frozen=True, eq=False)
class ColumnValues:
    """One column of n rows, converted for a check.

    Attributes:
        name: The column.
        reads: Type that its cells were read as.
        ignored: Whether the schema leaves the column out.
        values: (n,) float64; numbers, days since 1970, or the index in `levels`; 0 where missing.
        present: (n,) bool, False where missing.
        levels: The different texts where cells are read as categories, else an empty array.
    """

    name: str
    reads: Literal["numbers", "dates", "levels"]
    ignored: bool
    values: npt.NDArray[np.float64]
    present: npt.NDArray[np.bool_]
    levels: Array

    def describe(self, value: float) -> str:
        """A value for display: a category in quotes, a number or a date as written."""
        if self.reads == "levels":
            text = str(self.levels[int(value)].as_py()).strip()
            return repr(shorten(text, _MAX_CHARACTERS))
        if self.reads == "dates":
            return str(np.datetime64(int(value), "D"))
        return f"{value:,.0f}" if value == round(value) and abs(value) < 1e15 else f"{value:.6g}"


def read_values(cells: Cells, column: Column, missing_markers: tuple[str, ...]) -> ColumnValues:
    """A column's cells as numbers, dates or categories.

    Args:
        cells: (n,) typed as in a `Dataset`.
        column: The column's role.
        missing_markers: Cells of ignored columns that are missing; spaces around them do not count.
    """
    if column.kind == "numerical":
        return _as_values(column, "numbers", cells)
    if column.kind == "date":
        return _as_values(column, "dates", pc.cast(cells, pa.int32()))
    return _read_texts(cells, column, missing_markers)


def _as_values(column: Column, reads: Literal["numbers", "dates"], cells: Cells) -> ColumnValues:
    present: npt.NDArray[np.bool_] = as_numpy(pc.is_valid(cells))
    values: npt.NDArray[np.float64] = as_numpy(pc.fill_null(pc.cast(cells, pa.float64()), 0.0))
    return ColumnValues(column.name, reads, column.kind == "ignored", values, present, strings([]))


def _read_texts(cells: Cells, column: Column, markers: tuple[str, ...]) -> ColumnValues:
    """Parse distinct texts once and map the results to all rows."""
    encoded: Any = cells.dictionary_encode().combine_chunks()  # all chunks share one dictionary
    levels, indices = encoded.dictionary, pc.fill_null(encoded.indices, -1)
    places: npt.NDArray[np.int64] = as_numpy(pc.cast(indices, pa.int64()))
    trimmed = pc.utf8_trim_whitespace(levels)
    known = np.append(~as_numpy(pc.is_in(trimmed, value_set=strings(markers))), False)
    present = known[places]
    if column.kind == "ignored":
        parsers: tuple[tuple[Literal["numbers", "dates"], _Parse], ...]
        parsers = (("numbers", _parse_numbers), ("dates", _parse_dates))
        for reads, parse in parsers:
            parsed, right = parse(trimmed)
            if np.count_nonzero(np.append(right, False)[places] & present) > MAJORITY * max(present.sum(), 1):
                present = present & np.append(right, False)[places]
                values = np.where(present, np.append(parsed, 0.0)[places], 0.0)
                return ColumnValues(column.name, reads, True, values, present, strings([]))
    values = np.where(present, places, 0).astype(np.float64)
    return ColumnValues(column.name, "levels", column.kind == "ignored", values, present, levels)


def _parse_numbers(texts: Array) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Plain numbers, amounts, percentages, grouped digits, negatives in parentheses: (d,) float64 and (d,) bool."""
    odd = pc.match_substring_regex(texts, _ODD_NUMBER)
    comma = pc.match_substring_regex(texts, _DECIMAL_COMMA)
    with_point = pc.replace_substring(pc.replace_substring(texts, ".", ""), ",", ".")
    digits = pc.replace_substring_regex(
        pc.if_else(comma, with_point, pc.replace_substring(texts, ",", "")), r"[^\d.\-(]", ""
    )
    stripped = pc.replace_substring(digits, "(", "-")
    plain = pc.match_substring_regex(texts, NUMBER_PATTERN)
    written = pc.if_else(plain, texts, stripped)
    right = pc.and_(pc.or_(plain, odd), pc.match_substring_regex(written, NUMBER_PATTERN))
    numbers = pc.cast(pc.if_else(right, written, pa.scalar("nan")), pa.float64())
    values: npt.NDArray[np.float64] = as_numpy(numbers)
    finite = np.isfinite(values)
    return np.where(finite, values, 0.0), finite


def _parse_dates(texts: Array) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Days since 1970 in the format in which most texts are dates: (d,) float64 and (d,) bool."""
    head = texts.take(np.linspace(0, max(len(texts) - 1, 0), min(len(texts), _SAMPLE)).astype(np.int64))
    formats = [day + time for day in TEXT_FORMATS for time in ("", " %H:%M:%S", "T%H:%M:%S")]
    read = {date_format: parse_dates(head, date_format)[0].null_count for date_format in formats}
    best = min(formats, key=lambda date_format: read[date_format])
    if len(head) == 0 or read[best] > (1 - MAJORITY) * len(head):
        return np.zeros(len(texts)), np.zeros(len(texts), dtype=np.bool_)
    dates, _ = parse_dates(texts, best)
    right: npt.NDArray[np.bool_] = as_numpy(pc.is_valid(dates))
    days: npt.NDArray[np.float64] = as_numpy(pc.fill_null(pc.cast(pc.cast(dates, pa.int32()), pa.float64()), 0.0))
    return days, right
