"""Unparsable cells of a number or date column: their texts, counts and rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.tables.arrow import Array, as_numpy, pc, take_ascending
from riskmodel.tables.evidence.evidence import ColumnTexts, show_text
from riskmodel.wording import count, listed

MAX_ODD_TEXTS = 200
"""More different texts than this are not proposed as missing-value markers of a column."""
MOSTLY = 0.95
"""Smallest share of numbers (or dates) among the values of a numerical (or date) column."""

PLEASE_CHECK = "please check"
"""Phrase in a column's reason that marks a doubtful proposal."""
AS_MISSING = f"proposed as missing, {PLEASE_CHECK}"

_NAMED = 3
# Spreadsheet errors in any language: #DIV/0!, #WERT!, #¿NOMBRE?, Err:502, ####.
_ERROR = r"^(?i:#[¡¿]?[\pL][\pL_ /0-9]{0,20}[!?]|#N/?[ABDV]!?|#Н/Д|#GETTING_DATA|Err:\d{3}|#{3,})$"


@dataclass(frozen=True)
class OddText:
    """One unparsable text of a column.

    Attributes:
        text: The text, without surrounding spaces.
        count: Number of rows that contain it.
        first_row: The first of these rows; 1 is the first row after the header.
    """

    text: str
    count: int
    first_row: int

    def describe(self) -> str:
        """The text with its count and first row."""
        where = f"row {self.first_row:,}"
        return f"{show_text(self.text)} ({where if self.count == 1 else f'{self.count:,} cells, first in {where}'})"


@dataclass(frozen=True)
class OddCells:
    """The unparsable cells of a column.

    Attributes:
        texts: Their distinct texts without surrounding spaces, in the order of their first rows.
        num_cells: Number of these cells.
        num_errors: Number of them that are spreadsheet errors such as ``#DIV/0!``.
        examples: The most frequent texts, at most three.
    """

    texts: tuple[str, ...]
    num_cells: int
    num_errors: int
    examples: tuple[OddText, ...]

    @property
    def can_be_markers(self) -> bool:
        """True if the texts are few enough to be missing-value markers of the column."""
        return len(self.texts) <= MAX_ODD_TEXTS

    def describe(self) -> str:
        """The texts with their rows and counts.

        Example:
            >>> OddCells(("n/k",), 2, 0, (OddText("n/k", 2, 17),)).describe()
            "'n/k' (2 cells, first in row 17)"
        """
        named = [text.describe() for text in self.examples]
        more = len(self.texts) - len(named)
        if more:
            named.append(count(more, "more text"))
        return listed(named)

    @property
    def remedy(self) -> str:
        """The proposed treatment, as the end of a column's reason."""
        if self.can_be_markers:
            return AS_MISSING
        return "fix them, reject these rows, or mark the column as ignored"


def find_odd_cells(texts: ColumnTexts, marks: npt.NDArray[np.bool_]) -> OddCells:
    """The texts of the marked cells.

    Args:
        texts: The column, (n,).
        marks: (n,) bool, True at the cells that are not values; at least one is.
    """
    distinct, counts = texts.encoded.count(marks)
    trimmed = pc.utf8_trim_whitespace(distinct)
    totals: dict[str, int] = {}
    for text, num_cells in zip(trimmed.to_pylist(), counts.tolist(), strict=True):
        totals[text] = totals.get(text, 0) + num_cells
    errors = int(counts[as_numpy(find_spreadsheet_errors(trimmed))].sum())
    frequent = sorted(totals, key=lambda text: -totals[text])[:_NAMED]
    rows = np.flatnonzero(marks)
    cells = pc.utf8_trim_whitespace(take_ascending(texts.cells, rows))
    named = tuple(OddText(text, totals[text], int(rows[pc.index(cells, text).as_py()]) + 1) for text in frequent)
    return OddCells(tuple(totals), int(counts.sum()), errors, named)


def find_spreadsheet_errors(texts: Array) -> Array:
    """True for the texts, (m,) string, that are spreadsheet errors, (m,) bool.

    Example:
        >>> import pyarrow as pa
        >>> find_spreadsheet_errors(pa.array(["#DIV/0!", "#WERT!", "#1", "12"])).to_pylist()
        [True, True, False, False]
    """
    # Compiling the pattern takes milliseconds, which would apply to every categorical column.
    may_be: Array = pc.or_(pc.starts_with(texts, "#"), pc.starts_with(texts, "err:", ignore_case=True))
    return pc.match_substring_regex(texts, _ERROR) if pc.any(may_be, min_count=0).as_py() else may_be
