"""`SheetSurvey`: header, filled columns, blank rows and time formats of a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from riskmodel.tables.reading.sheets.sheet_cells import find_cells_form
from riskmodel.tables.reading.typed.cell_text import TimeForm, coarsest

_PIECE_ROWS = 4096


@dataclass(frozen=True)
class SheetSurvey:
    """Properties of a sheet's rows.

    Attributes:
        header: The header's row, from 0.
        header_cells: Its cells; None when the sheet ends above it.
        filled: For each column, True if it has a filled cell below the header.
        forms: The time format of each column.
        last_filled: The last row with a filled cell; -1 when there is none.
        blank_rows: Rows without a filled cell between the header and that row, from 0.
    """

    header: int
    header_cells: Sequence[Any] | None
    filled: Sequence[bool]
    forms: Sequence[TimeForm]
    last_filled: int
    blank_rows: tuple[int, ...]


def is_filled(row: Sequence[Any]) -> bool:
    """True if any cell of a row is filled."""
    return any(cell != "" for cell in row)


def survey_rows(rows: Iterator[list[Any]], header: int) -> SheetSurvey:
    """Compute the properties of a sheet from all its rows, which are lists of the same length."""
    above = list(islice(rows, header))
    header_cells = next(rows, None)
    last_filled = max((number for number, row in enumerate([*above, header_cells or []]) if is_filled(row)), default=-1)
    filled: list[bool] = [False] * len(header_cells or [])
    forms: list[TimeForm] = ["day"] * len(filled)
    blank: list[int] = []
    waiting: list[int] = []
    number = header
    while piece := list(islice(rows, _PIECE_ROWS)):
        for row in piece:
            number += 1
            if is_filled(row):
                last_filled = number
                blank += waiting
                waiting = []
            else:
                waiting.append(number)
        for place, column in enumerate(zip(*piece, strict=True)):
            filled[place] = filled[place] or is_filled(column)
            forms[place] = coarsest(forms[place], find_cells_form(column))
    return SheetSurvey(header, header_cells, filled, forms, last_filled, tuple(blank))
