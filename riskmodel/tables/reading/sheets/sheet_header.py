"""Detection of a sheet's header row, and its certainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riskmodel.tables.reading.layout.header_search import (
    MISSING,
    Row,
    count_header_rows,
    find_forms,
    has_form,
    is_unit,
    is_value,
    normalize,
)
from riskmodel.tables.reading.layout.row_labels import describe_annotation
from riskmodel.wording import first_few

_SHOWN = 3


@dataclass(frozen=True)
class SheetHeader:
    """The header row of a sheet.

    Attributes:
        row: From 0.
        doubt: Why another row may be the header; empty if it is certain.
    """

    row: int
    doubt: str = ""

    @property
    def notes(self) -> tuple[str, ...]:
        """A message for the analyst if the row is uncertain."""
        if not self.doubt:
            return ()
        return (
            f"The header is uncertain: row {self.row + 1:,} is read as the column names, but {self.doubt}. If it is "
            "wrong, choose the header row.",
        )


def find_header(rows: Sequence[Row]) -> SheetHeader:
    """The header row: the last one before the data, from which it differs in form.

    1. Rows with at most half of the cells of the fullest row are titles.
    2. Of the others, the header is the first that differs in most columns from the form (number, date or code) of the
       cells below it, while the next row has that form. A title with a date is followed by the header instead.
    3. Without columns of a form, it is the first row of texts as full as most rows.

    Args:
        rows: The first rows of a sheet as texts, all of the same length.

    Example:
        >>> find_header([["Loans", "as of 2015", ""], ["id", "age", "bad"], ["1", "37", "0"], ["2", "48", "1"]]).row
        1
    """
    counts = [sum(1 for cell in row if cell.strip()) for row in rows]
    full = [place for place, count in enumerate(counts) if 2 * count > max(counts, default=0)]
    full = [place for place in full if not describe_annotation(rows[place])]
    if not full:
        return SheetHeader(0)
    header = next((place for place in full if _stands_above_data(place, rows, full)), None)
    if header is None:
        return _find_by_texts(rows, full)
    # Names are not numbers or dates, which titles may contain.
    above = [place for place in full if place < header and _differs(rows[place], rows[header])]
    above = [place for place in above if not any(map(is_value, rows[place]))]
    if not above:
        return SheetHeader(header)
    if _is_below_names(rows[header], rows[above[-1]]):
        header = above.pop()
    return SheetHeader(header, _describe(above[-1], rows[above[-1]]) if above else "")


def _stands_above_data(place: int, rows: Sequence[Row], full: Sequence[int]) -> bool:
    below = [rows[other] for other in full if other > place and _differs(rows[other], rows[place])]
    forms = find_forms(below, len(rows[place]))
    if not forms or 2 * _count(rows[place], forms)[1] <= len(forms):
        return False
    return next(
        (fitting >= others for fitting, others in (_count(row, forms) for row in below) if fitting + others), False
    )


def continues_header(row: Row, header: Row, below: Sequence[Row]) -> bool:
    """True if the row below a header holds units or descriptions: none of its cells has the form of those below it.

    Example:
        >>> continues_header(["", "EUR"], ["id", "income"], [["1", "500"], ["2", "700"], ["3", "900"]])
        True
    """
    forms = find_forms(below, len(row))
    return bool(forms) and not _count(row, forms)[0] and _is_below_names(row, header)


def _is_below_names(row: Row, header: Row) -> bool:
    """True if a row holds units, or words with duplicates, unlike the distinct names above it."""
    words, names = ([normalize(cell) for cell in cells if cell.strip()] for cells in (row, header))
    if words and all(map(is_unit, words)):
        return True
    return len(set(words)) < len(words) <= len(names) == len(set(names))


def _find_by_texts(rows: Sequence[Row], full: Sequence[int]) -> SheetHeader:
    """The first well filled row most of whose cells are texts, else the first one."""

    def is_mostly_text(row: Row) -> bool:
        cells = [cell for cell in row if cell.strip()]
        return 2 * sum(not is_value(cell) for cell in cells) > len(cells)

    header = next((place for place in full if is_mostly_text(rows[place])), full[0])
    if count_header_rows([rows[place] for place in full if place >= header]) > 0:
        return SheetHeader(header)
    return SheetHeader(header, "its cells look like data; a sheet without names needs a row of them above it")


def _count(row: Row, forms: dict[int, str]) -> tuple[int, int]:
    """Number of cells with their column's form, and of other filled cells in these columns."""
    cells = {place: row[place] for place in forms if row[place].strip().lower() not in MISSING}
    fitting = sum(has_form(cell, forms[place]) for place, cell in cells.items())
    return fitting, len(cells) - fitting


def _differs(row: Row, other: Row) -> bool:
    return list(map(normalize, row)) != list(map(normalize, other))


def _describe(place: int, row: Row) -> str:
    cells = [repr(cell.strip()) for cell in row if cell.strip()]
    return f"row {place + 1:,} ({first_few(cells, _SHOWN)}) may hold them as well"
