"""Recognition of rows that are not data: repeated headers, rows without any value, totals and notes.

Such rows are excluded and reported with their line. The decision depends only on the row's cells, the header and the
first rows of the table, so the result does not depend on the block size.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.arrow import Array, as_numpy, pc, strings
from riskmodel.tables.reading.layout.cell_starts import (
    PREFIX_BYTES,
    STARTS_WORD,
    Rows,
    as_number,
    first_bytes,
    take_rows,
)
from riskmodel.tables.reading.layout.header_search import MISSING, find_forms, has_form, is_number, normalize
from riskmodel.tables.reading.layout.row_labels import (
    CLEAR_TOTAL,
    LABEL_START,
    LABELS,
    NOTE_MARKS,
    RULE,
    SHORT_STATISTIC,
    TYPE,
    describe_annotation,
    is_labeled_total,
)
from riskmodel.tables.reading.layout.row_labels import NOTE as NOTE_LABEL
from riskmodel.tables.reading.layout.row_labels import TOTAL as TOTAL_LABEL

REPEATED_HEADER = "it repeats the header"
CONTINUED_HEADER = "it continues the header"
NO_VALUES = "all its cells are blank"
OTHER_HEADER = "it has words in the columns of numbers and dates, as the header of another table"
TOTAL = "it is a total"
NOTE = "it is a note"
_SUSPICIOUS = b"\t\x0b\x0c \"'([*-=#:\xc2\xe2\xe3"
_MIN_SAMPLE = 3
_MIN_NOTE_SAMPLE = 10
"""Minimum number of rows for recognizing a note by a single cell that differs from its column."""
_MAX_NOTE_CELLS = 3
_BLANK_SHARE = 10
_MIN_VALUES = 3
_MANY = 4096


@dataclass(frozen=True)
class ExclusionRule:
    """Recognizes rows that are not data.

    Attributes:
        headers: Cells of each header row; empty if the table has no header.
        sample: The first rows below the header, of the same width.
        width: Number of columns.
    """

    headers: tuple[tuple[str, ...], ...]
    sample: tuple[tuple[str, ...], ...]
    width: int

    def find_reason(self, cells: Sequence[str]) -> str:
        """Why a row is not data; empty for a data row.

        Args:
            cells: One per column of the table.

        Example:
            >>> rule = ExclusionRule((("id", "income", "bad"),), (("1", "5", "0"), ("2", "6", "1"), ("3", "7", "0")), 3)
            >>> [rule.find_reason(row) for row in (["ID", "Income ", "bad"], ["Total", "18", ""], ["4", "", "0"])]
            ['it repeats the header', 'it is a total', '']
        """
        if self.width < 2:
            return ""  # in a single-column table a blank line is a missing value
        filled = [place for place, cell in enumerate(cells) if cell.strip()]
        if not filled:
            return NO_VALUES
        if any(self._repeats(cells, filled, header) for header in self._normalized):
            return REPEATED_HEADER
        if annotation := describe_annotation(cells):
            return annotation
        if self._is_other_header(cells):
            return OTHER_HEADER
        lacking = [place for place in self._always_filled if not cells[place].strip()]
        if self._is_total(cells, filled, bool(lacking)):
            return TOTAL
        num_blank = sum(not cells[place].strip() for place in self._tested)
        if num_blank > 1 and len(filled) <= _MAX_NOTE_CELLS and self._is_note(cells, filled):
            return NOTE
        return ""

    def find_short_reason(self, cells: Sequence[str]) -> str:
        """Why a row with fewer cells than columns is not data; empty if it may be a damaged row."""
        reason = self.find_reason([*cells, *[""] * (self.width - len(cells))])
        if reason != NOTE:
            return "" if reason == NO_VALUES else reason
        first = next(place for place, cell in enumerate(cells) if cell.strip())
        text = cells[first].strip()
        if NOTE_LABEL.fullmatch(text):
            return NOTE
        # A row with another delimiter begins with a cell that has the form of its column.
        form = self._forms.get(first)
        is_marked = text.startswith(NOTE_MARKS)
        is_note = (is_marked or " " in text) and not has_form(text.split()[0], form) if form else is_marked
        return NOTE if is_note and not re.search(r'[;|\t"]', text) else ""

    def find(self, batch: pa.RecordBatch) -> list[int]:
        """Indices of the rows of a batch that are not data; all columns string without nulls."""
        if self.width < 2 or not batch.num_rows:
            return []
        suspects, blank = self._by_first_cell(batch)
        lacking = self._by_lacking_cells(batch)
        rows = np.unique(np.concatenate([suspects, blank, lacking, self._by_words(batch)]))
        return [int(row) for row in rows if self.find_reason([column[row].as_py() for column in batch.columns])]

    def is_suspect(self, cells: Sequence[Any]) -> bool:
        """True if a row of cells of any type must be checked; True for every excluded row."""
        first = next((cell for cell in cells if cell != ""), "")
        if isinstance(first, str) and self.may_exclude(first.encode(), b"\0"):
            return True
        if self._values and _is_word(cells[self._values[0]]):
            return True
        return any(cells[place] == "" for place in self._always_filled)

    def may_exclude(self, content: bytes, delimiter: bytes) -> bool:
        """True if a row in bytes must be split into cells to decide; True for every excluded row."""
        if self._values:
            if b'"' in content or b"'" in content:
                return True  # cells may contain delimiters
            cells = content.split(delimiter, self._values[0] + 1)
            first = cells[self._values[0]].lstrip()[:1] if len(cells) > self._values[0] else b""
            if first and STARTS_WORD[first[0]]:
                return True
        start = content.lstrip(delimiter + b" \t\"'\xc2\xa0\r\n")[:PREFIX_BYTES].lower()
        if not start or self._is_suspicious[start[0]]:
            return True
        if delimiter != b" " and b" " + delimiter in content:
            content = content.replace(b" ", b"")
        return delimiter * 2 in content or b'""' in content or content.rstrip(b" \"'\r\n").endswith(delimiter)

    @cached_property
    def _normalized(self) -> list[list[str]]:
        joined = [" ".join(filter(None, (header[i].strip() for header in self.headers))) for i in range(self.width)]
        headers = [*self.headers, tuple(joined)] if len(self.headers) > 1 else self.headers
        return [list(map(normalize, header)) for header in headers]

    @cached_property
    def _rows(self) -> list[tuple[str, ...]]:
        """Rows of the sample that are certainly data: no header, no total, and more than one filled cell."""
        kept = []
        for row in self.sample:
            filled = [place for place, cell in enumerate(row) if cell.strip()]
            if len(filled) > min(1, self.width - 2) and not (is_labeled_total(row) or describe_annotation(row)):
                kept += [row] if not any(self._repeats(row, filled, header) for header in self._normalized) else []
        return kept

    @cached_property
    def _always_filled(self) -> list[int]:
        """Columns with hardly any blank cell in the sample."""
        if len(self._rows) < _MIN_SAMPLE:
            return []
        max_blanks = max(1, len(self._rows) // _BLANK_SHARE)
        blanks = [sum(not row[place].strip() for row in self._rows) for place in range(self.width)]
        return [place for place, count in enumerate(blanks) if count <= max_blanks]

    @property
    def _tested(self) -> list[int]:
        """Columns of which at least two are blank in a note."""
        return self._always_filled[-3:] if self.width > 2 else []

    @cached_property
    def _forms(self) -> dict[int, str]:
        return find_forms(self._rows, self.width)

    @cached_property
    def _values(self) -> list[int]:
        """Columns of numbers and dates with hardly any blank cell in the sample; empty if there are fewer than 3."""
        columns = [place for place in self._always_filled if self._forms.get(place) in ("number", "date")]
        return columns if len(columns) >= _MIN_VALUES else []

    def _is_other_header(self, cells: Sequence[str]) -> bool:
        """True if a row has distinct words in all columns of numbers and dates, and no cell fits its column."""
        words = [cells[place] for place in self._values]
        if not words or len(set(words)) < len(words) or not all(map(_is_word, words)):
            return False
        return not any(has_form(cells[place], form) for place, form in self._forms.items())

    def _repeats(self, cells: Sequence[str], filled: Sequence[int], header: Sequence[str]) -> bool:
        if len(filled) < 2 or 2 * len(filled) < self.width:
            return False
        return all(_name(cells[place]) == header[place] for place in filled)

    def _is_total(self, cells: Sequence[str], filled: Sequence[int], lacks_cells: bool) -> bool:
        """True if a row has the label of a total.

        If all cells are filled, it may be a customer with this name, unless the label is in a column of codes.
        """
        first, *others = filled
        is_foreign = first in self._forms and not has_form(cells[first], self._forms[first])
        if not (TOTAL_LABEL.fullmatch(cells[first]) or (is_foreign and SHORT_STATISTIC.fullmatch(cells[first]))):
            return False
        numeric = [place for place in others if self._forms.get(place) == "number"]
        if not all(is_number(cells[place]) for place in numeric):
            return False
        if lacks_cells and len(numeric) == len(others):
            return True
        return bool(numeric) and (is_foreign or CLEAR_TOTAL.fullmatch(cells[first]) is not None)

    def _is_note(self, cells: Sequence[str], filled: Sequence[int]) -> bool:
        """True if the few filled cells of a row are prose in contrast to the values of their columns."""
        first = filled[0]
        text = cells[first].strip()
        fitting = [place for place in filled if place in self._forms and has_form(cells[place], self._forms[place])]
        if fitting or is_number(text):
            return False
        if len(filled) > 1:
            return first in self._forms and self._has_many_rows
        if NOTE_LABEL.fullmatch(text):
            return True
        column = [row[first].strip() for row in self._rows]
        is_marked = any(
            text.startswith(mark) and not any(cell.startswith(mark) for cell in column) for mark in NOTE_MARKS
        )
        is_prose = (" " in text or text.endswith(":")) and not any(" " in cell for cell in column)
        if not self._has_many_rows:
            return first in self._forms and (is_marked or is_prose) and any(map(str.isalpha, text))
        return self._forms.get(first) in ("number", "date") or is_marked or is_prose

    @property
    def _has_many_rows(self) -> bool:
        return len(self._rows) >= _MIN_NOTE_SAMPLE

    @cached_property
    def _first_bytes(self) -> bytes:
        return bytes({prefix[0] for prefix in self._prefixes})

    @cached_property
    def _prefixes(self) -> list[bytes]:
        """Prefixes of the first filled cell of a header or a total: up to four bytes, lower case."""
        starts = [b"n "]
        for word in LABELS:
            start = word.split()[0].encode()[:PREFIX_BYTES]  # the spaces after it may differ in a cell
            starts.append(start if start[0] < 0x80 else start[:1])
        for name in filter(None, (name for header in self._normalized for name in header)):
            start = name.split()[0].encode()[:PREFIX_BYTES]
            starts.append(start if start.isascii() else start[:1])
        return sorted(set(starts))

    def _by_first_cell(self, batch: pa.RecordBatch) -> tuple[Rows, Rows]:
        """Rows whose first filled cell begins like a header or a total, and rows without a filled cell."""
        rows = np.arange(batch.num_rows)
        parts = [rows[:0]]
        for column in batch.columns:
            first, starts = first_bytes(column if len(rows) == batch.num_rows else take_rows(column, rows))
            is_blank = first == 0
            at = np.flatnonzero(self._is_suspicious[first])
            if len(at):
                at = at[self._is_odd[first[at]] | self._begins(starts(at))]
                at, texts = self._narrow(at, take_rows(column, rows[at]))
                is_blank[at[[not text for text in texts]]] = True
                parts.append(rows[at[self._may_begin(texts)]])
            rows = rows[is_blank]
            if not len(rows):
                break
        return np.concatenate(parts), rows

    def _begins(self, starts: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
        """True for cells whose first four bytes match a prefix."""
        matches = np.zeros(len(starts), np.bool_)
        for size in {len(prefix) for prefix in self._prefixes}:
            values = {as_number(prefix) & ((1 << 8 * size) - 1) for prefix in self._prefixes if len(prefix) == size}
            matches |= np.isin(starts & np.uint32((1 << 8 * size) - 1), np.array(sorted(values), np.uint32))
        return matches

    @cached_property
    def _is_odd(self) -> npt.NDArray[np.bool_]:
        """True for first bytes that may precede a name or a total, (256,)."""
        odd = np.zeros(256, np.bool_)
        odd[list(_SUSPICIOUS)] = True
        return odd

    @cached_property
    def _is_suspicious(self) -> npt.NDArray[np.bool_]:
        """True for first bytes of rows that must be checked, (256,)."""
        suspicious = self._is_odd.copy()
        for byte in self._first_bytes:
            suspicious[[byte, *bytes([byte]).upper()]] = True
        return suspicious

    def _narrow(self, at: Rows, cells: Array) -> tuple[Rows, list[str]]:
        """Cells that may be blank, a name or a total, and their indices, vectorized."""
        trimmed = pc.utf8_trim_whitespace(cells)
        if len(at) > _MANY:
            lower = pc.replace_substring_regex(pc.utf8_lower(trimmed), r"\s+", " ")
            names = strings({" ".join(name.lower().split()) for header in self.headers for name in header} | {""})
            may_be = pc.or_(pc.is_in(lower, names), pc.match_substring_regex(lower, LABEL_START))
            at, trimmed = at[as_numpy(may_be)], trimmed.filter(may_be)
        return at, trimmed.to_pylist()

    def _may_begin(self, texts: Sequence[str]) -> npt.NDArray[np.bool_]:
        names = {name for header in self._normalized for name in header}
        labels = (TOTAL_LABEL, SHORT_STATISTIC, RULE, TYPE)
        may_be = [_name(text) in names or any(label.fullmatch(text) for label in labels) for text in texts]
        return np.array(may_be, np.bool_)

    def _by_lacking_cells(self, batch: pa.RecordBatch) -> Rows:
        """Rows with few filled cells, found by blank cells in columns that rarely have any."""
        tested = self._tested
        if len(tested) < 2:
            return np.arange(0)
        num_filled = sum((first_bytes(batch.column(place))[0] > 0x20).astype(np.int8) for place in tested)
        rows = np.flatnonzero(np.asarray(num_filled) <= len(tested) - 2)
        counts = np.zeros(len(rows), np.int64)
        for column in batch.columns:
            counts += first_bytes(take_rows(column, rows))[0] > 0x20
            rows, counts = rows[counts <= _MAX_NOTE_CELLS], counts[counts <= _MAX_NOTE_CELLS]
            if not len(rows):
                break
        return rows

    def _by_words(self, batch: pa.RecordBatch) -> Rows:
        """Rows with words in all columns of numbers and dates."""
        rows = np.arange(batch.num_rows if self._values else 0)
        for place in self._values:
            column = batch.column(place)
            first = first_bytes(column if len(rows) == batch.num_rows else take_rows(column, rows))[0]
            rows = rows[STARTS_WORD[first]]
            if not len(rows):
                break
        return rows


def _is_word(cell: Any) -> bool:
    return isinstance(cell, str) and cell[:1].isalpha() and cell.strip().lower() not in MISSING


def _name(cell: str) -> str:
    """A cell as a header name, also after a page break, which hides its quotes from the parser."""
    return normalize(cell.removeprefix("\f").strip('"') if cell.startswith(("\f", '"')) else cell)
