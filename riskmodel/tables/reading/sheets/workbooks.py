"""Reads workbooks of Excel and OpenDocument (``.xlsx``, ``.xlsb``, ``.xls``, ``.ods``) into strings, sheet by sheet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import python_calamine

from riskmodel.errors import DataError
from riskmodel.tables.files.signatures import ZIP
from riskmodel.tables.files.source import DEFAULT_BLOCK_BYTES, read_signature, show_name, zip_container
from riskmodel.tables.reading.sheets.binary_sheets import protected
from riskmodel.tables.reading.sheets.sheet_cells import cells_to_text, row_to_texts
from riskmodel.tables.reading.sheets.sheet_exclusions import find_excluded
from riskmodel.tables.reading.sheets.sheet_header import find_header
from riskmodel.tables.reading.sheets.sheet_scan import SheetScan, name_cell
from riskmodel.tables.reading.sheets.sheet_survey import is_filled, survey_rows
from riskmodel.tables.reading.sheets.workbook_scan import WORKBOOK, scan_workbook
from riskmodel.tables.reading.text.column_names import make_usable
from riskmodel.tables.reading.typed.typed_reader import TypedReader, damaged
from riskmodel.tables.schema.sheet_layout import SheetLayout
from riskmodel.wording import count, first_few, listed, plural

MAX_CELLS = 50_000_000
"""Most cells in the rectangle that a sheet spans; they take about two gigabytes of memory."""

# Filled cells of a workbook take about three bytes, empty ones none.
_FREE_CELLS = 4_000_000
_CELLS_PER_BYTE = 32
_HEADER_SEARCH_ROWS = 50
_NAMED = 5


@dataclass(frozen=True)
class SheetSize:
    """A sheet's name and the extent of its filled cells; both numbers are 0 for an empty sheet."""

    name: str
    num_rows: int
    num_columns: int


def sheets(path: str | os.PathLike[str]) -> list[SheetSize]:
    """The sheets of a workbook in its order; chart sheets have no cells. Errors as for `scan_workbook`.

    Example:
        >>> sheets("loans.xlsx")  # doctest: +SKIP
        [SheetSize(name='Loans', num_rows=30001, num_columns=25), SheetSize(name='Notes', num_rows=4, num_columns=1)]
    """
    sizes = []
    for name, scan in scan_workbook(path):
        rows, columns = (scan.last[0] + 1, scan.last[1] + 1) if scan.last else (0, 0)
        sizes.append(SheetSize(name, rows, columns))
    return sizes


class WorkbookReader(TypedReader):
    """One sheet of a workbook, its cells written as described in `cell_text`.

    Formulas are read as their last computed value, errors as their text (``#N/A``); merged cells have their value in
    the first cell only. Rows and columns without any filled cell are excluded (in a single column, gaps are kept as
    missing values) and counted in the description. Totals, notes and repeated headers are excluded and listed in
    `excluded`. The whole sheet is held in memory, at about 32 bytes per cell.

    Args:
        path: The workbook.
        layout: The sheet and its header row; detected when None.
        block_bytes: Approximate number of bytes per batch.

    Attributes:
        layout: The sheet and its header row, as given or detected.

    Raises:
        DataError: The file is damaged, truncated or password-protected; the sheet or row does not exist; no sheet
            has cells, or this one too many.

    Example:
        >>> WorkbookReader("loans.xlsx", SheetLayout(sheet="Loans")).description  # doctest: +SKIP
        "Excel workbook, sheet 'Loans', header in row 3"
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        layout: SheetLayout | None = None,
        block_bytes: int = DEFAULT_BLOCK_BYTES,
    ) -> None:
        super().__init__(path, block_bytes)
        layout = layout or SheetLayout()
        self._name, self._scan = _choose_sheet(path, layout.sheet)
        self._sheet, self._others = _load_sheet(path, self._name)
        self._left = min(self._scan.first[1], self._start[1])
        self._errors: dict[int, list[tuple[int, str]]] = {}
        for (row, column), text in self._scan.errors.items():
            self._errors.setdefault(row, []).append((column - self._left, text))
        if layout.header_row is None:
            first_rows = islice(self._rows(), self._scan.first[0] + _HEADER_SEARCH_ROWS)
            detected = find_header([row_to_texts(row) for row in first_rows])
            header, doubts = detected.row, detected.notes
        else:
            header, doubts = layout.header_row - 1, ()
        self.layout = SheetLayout(sheet=self._name, header_row=header + 1)
        self._survey = survey_rows(self._rows(), header)
        self._columns, self.names, notes = self._name_columns()
        self.notes = (*doubts, *notes, *self._describe_hidden())
        self.blank = () if len(self._columns) == 1 else tuple(row + 1 for row in self._survey.blank_rows)
        self.excluded = tuple(
            find_excluded(
                lambda: islice(self._rows(), header + 1, self._survey.last_filled + 1),
                self._header_texts(),
                self._columns,
                header + 2,
            )
        )
        self.description = self._describe()
        self._excluded_rows = {row - 1 for row, _, _ in self.excluded}

    def _batches(self) -> Iterator[pa.RecordBatch]:
        rows = self._filled_rows()
        while piece := list(islice(rows, self._block_rows)):
            cells = list(zip(*piece, strict=True))
            columns = [cells_to_text(cells[place], self._survey.forms[place]) for place in self._columns]
            yield pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def _rows(self) -> Iterator[list[Any]]:
        """All rows from the sheet's first, of the same length, including the texts of errors."""
        padding = [""] * (self._start[1] - self._left)
        last = max((self._scan.last or (0, 0))[1], (self._sheet.end or (0, 0))[1])
        width = last - self._left + 1
        for number, row in enumerate(self._sheet.iter_rows()):
            cells = padding + row if padding else row
            if len(cells) < width:
                cells = cells + [""] * (width - len(cells))
            for column, text in self._errors.get(number, ()):
                cells[column] = text
            yield cells

    @property
    def _start(self) -> tuple[int, int]:
        return self._sheet.start or self._scan.first

    def _filled_rows(self) -> Iterator[list[Any]]:
        survey = self._survey
        keep_gaps = len(self._columns) == 1
        rows = islice(self._rows(), survey.header + 1, survey.last_filled + 1)
        for number, row in enumerate(rows, survey.header + 1):
            if (keep_gaps or is_filled(row)) and number not in self._excluded_rows:
                yield row

    def _header_texts(self) -> list[str]:
        """The header cells of the columns that are read, as text."""
        cells = self._survey.header_cells or []
        return [cells_to_text([cells[place]], "day")[0].as_py() for place in self._columns]

    def _name_columns(self) -> tuple[list[int], list[str], tuple[str, ...]]:
        """Indices and names of the columns that have a name or cells, and messages about changed names."""
        survey, left = self._survey, self._left
        if survey.header_cells is None:
            raise DataError(
                f"File {show_name(self._path)}: sheet {self._name!r} has no row {survey.header + 1:,} for the header. "
                f"Its last filled row is {survey.last_filled + 1:,}: choose another row."
            )
        texts = [cells_to_text([cell], "day")[0].as_py() for cell in survey.header_cells]
        kept = [place for place, name in enumerate(texts) if name.strip() or survey.filled[place]]
        places = [f"column {_letters(left + place)}" for place in kept]
        names, notes = make_usable(self._path, [texts[place] for place in kept], places)
        return kept, names, notes

    def _describe_hidden(self) -> tuple[str, ...]:
        """Messages about hidden parts of the sheet."""
        scan, notes = self._scan, []
        if scan.first_formula is not None:
            notes.append(
                f"{count(scan.num_formulas, 'formula')} without a stored value (first: "
                f"{name_cell(*scan.first_formula)}): the cells are read as blank. Open the workbook in a spreadsheet "
                "program and save it."
            )
        if scan.is_hidden:
            notes.append(f"Sheet {self._name!r} is hidden.")
        if scan.num_hidden_rows:
            notes.append(f"{count(scan.num_hidden_rows, 'hidden row')} included.")
        return tuple(notes)

    def _describe(self) -> str:
        header = self._survey.header
        is_zip = read_signature(self._path).startswith(ZIP)
        kind = zip_container(self._path)[1].partition(" ")[2] if is_zip else "Excel workbook"
        notes = [f"{kind}, sheet '{self._name}', header in row {header + 1:,}"]
        if self._others:
            sheets = plural(len(self._others), "other sheet", "other sheets")
            notes.append(f"{sheets}: {first_few(list(map(repr, self._others)), _NAMED)}")
        merged = [area for area in self._sheet.merged_cell_ranges or () if area[1][0] >= header]
        if merged:
            notes.append(f"{count(len(merged), 'merged area')} with the value in the first cell only")
        errors = [cell for cell in self._scan.errors if cell[0] > header]
        if errors:
            first = min(errors)
            words = f"{self._scan.errors[first]} in {name_cell(*first)}"
            notes.append(f"{count(len(errors), 'error')} as text (first: {words})")
        blank_columns = len(self._survey.filled) - len(self._columns)
        blank_rows = len(self.blank)
        blank = [count(n, f"blank {what}") for n, what in ((blank_rows, "row"), (blank_columns, "column")) if n]
        if blank:
            notes.append(f"{listed(blank)} ignored")
        return "; ".join(notes)


def likely_sheet(path: str | os.PathLike[str]) -> str:
    """The sheet that is read by default. Errors as for `scan_workbook`, and if no sheet has cells."""
    return _choose_sheet(path, None)[0]


def _choose_sheet(path: str | os.PathLike[str], requested: str | None) -> tuple[str, SheetScan]:
    """The requested sheet; else the first visible one that may be a table, else a hidden one, else one with cells."""
    seen = []
    filled: tuple[str, SheetScan] | None = None
    for name, scan in scan_workbook(path):
        seen.append(name)
        if name == requested or (requested is None and scan.may_be_table and not scan.is_hidden):
            return name, _checked(path, name, scan)
        if scan.last is not None and (filled is None or (scan.may_be_table and not filled[1].may_be_table)):
            filled = name, scan
    if requested is None and filled is not None:
        return filled[0], _checked(path, *filled)
    if requested is None:
        raise DataError(f"File {show_name(path)} is a workbook without any filled cells. Choose one with a table.")
    raise DataError(
        f"File {show_name(path)} has no sheet {requested!r}. Choose one of {first_few(list(map(repr, seen)), _NAMED)}."
    )


def _checked(path: str | os.PathLike[str], name: str, scan: SheetScan) -> SheetScan:
    if scan.last is None:
        raise DataError(f"File {show_name(path)}: sheet {name!r} has no filled cells. Choose another sheet.")
    max_cells = min(MAX_CELLS, max(_FREE_CELLS, _CELLS_PER_BYTE * os.path.getsize(path)))
    if scan.num_cells > max_cells:
        raise DataError(
            f"File {show_name(path)}: the cells of sheet {name!r} reach from {name_cell(*scan.first)} to "
            f"{name_cell(*scan.last)}; more than {max_cells:,} are not read from a workbook of this size. Delete stray "
            "cells far from the table, or save the sheet as CSV."
        )
    return scan


def _load_sheet(path: str | os.PathLike[str], name: str) -> tuple[Any, list[str]]:
    """A sheet, and the names of the others."""
    try:
        # Given a path, the library uses the extension; given a stream, the content.
        with Path(path).open("rb") as stream, python_calamine.load_workbook(stream) as workbook:
            return workbook.get_sheet_by_name(name), [other for other in workbook.sheet_names if other != name]
    except python_calamine.PasswordError as error:
        raise protected(path) from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise damaged(path, WORKBOOK, error) from error
    except BaseException as error:  # panics of the library are not an `Exception` and have no public name
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(path, WORKBOOK, error) from error


def _letters(column: int) -> str:
    """The letters of a column in Excel, counted from 0."""
    return name_cell(0, column).removesuffix("1")
