"""Detection of footer lines after a table's last row: totals, row counts."""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import takewhile

from riskmodel.tables.reading.layout.dialect_search import Layout, split_lines
from riskmodel.tables.reading.layout.header_search import is_number
from riskmodel.tables.reading.layout.row_labels import TOTAL_WORDS, is_labeled_note
from riskmodel.tables.reading.layout.unlabeled_totals import count_unlabeled_totals

_MAX_ROWS = 500
_TOTAL = "total|totals|sum|summe|gesamt|totaal|合计|总计|小计|合計|総計"
_LAST_WORDS = re.compile(rf"^\W*(?:(?:grand |sub)?(?:{_TOTAL})|\d[\d,. ]* (?:rows?|records?))\b", re.IGNORECASE)
_TOTAL_ALONE = re.compile(
    rf"\W*(?:(?:grand |sub)?(?:{TOTAL_WORDS})[\W\d]*|\(\d[\d,. ]* (?:rows?|records?)[^)]*\))", re.IGNORECASE
)
_MAX_FOOTER_LINES = 5
_DECIMALS = re.compile(r"[.,]\d{1,2}(?!\d)[^\d]*$")


def count_footer_lines(tail: str, layout: Layout, read_rows: Callable[[], Iterable[Sequence[str]]]) -> int:
    """Number of a text's last lines that follow the table: totals, row counts.

    Args:
        tail: The end of the text, from the beginning of a line.
        layout: Its layout.
        read_rows: Returns all rows of the text; called only if the last ones resemble unlabeled sums.
    """
    lines = [line for line in split_lines(tail) if line.strip()]
    rows = [next(iter(_cut([line], layout)), []) for line in lines]
    after = [_stands_after(line, cells, layout) for line, cells in zip(lines, rows, strict=True)]
    count = _count_last(rows, after, layout.width)
    if count:
        return count
    # The full-width rows above notes; notes are excluded separately unless a total precedes them.
    num_notes = sum(1 for _ in takewhile(is_labeled_note, reversed(rows[-_MAX_FOOTER_LINES:])))
    above = rows[: len(rows) - num_notes]
    whole = list(takewhile(lambda cells: len(cells) == layout.width, reversed(above)))[::-1]
    num_totals = count_unlabeled_totals(whole, read_rows)
    return num_totals + num_notes if num_totals else 0


def count_total_rows(rows: Sequence[Sequence[str]]) -> int:
    """Number of the last rows that are totals, in a table whose rows all have the same number of cells."""
    return _count_last(rows, list(map(_is_total, rows)), max(map(len, rows), default=0))


def _count_last(rows: Sequence[Sequence[str]], after: Sequence[bool], width: int) -> int:
    count = sum(takewhile(bool, reversed(after[-_MAX_FOOTER_LINES:])))
    above = rows[: len(rows) - count]
    # A label with which other rows also begin is a value of the column; so may be one next to ordinary numbers.
    if any(after[: len(above)]) or not above or not _may_sum_up(rows[len(above) :], above, width):
        return 0
    return count


def _cut(lines: Sequence[str], layout: Layout) -> list[list[str]]:
    return list(csv.reader(lines, delimiter=layout.delimiter, quotechar=layout.quote))


def _may_sum_up(last: Sequence[Sequence[str]], above: Sequence[Sequence[str]], width: int) -> bool:
    """True if each of the last rows has a blank cell or a larger number where no row above it has one.

    A row of a category named Total has all cells filled, and its numbers need not be the largest.
    """
    columns = list(zip(*(row for row in above[-_MAX_ROWS:] if len(row) == width), strict=True))
    if not columns:
        return True
    for cells in last:
        if len(cells) > width:
            return False  # an unreadable row, not a total
        if len(cells) < width or width == 1:
            continue
        unlabeled = [(cell, column) for cell, column in zip(cells, columns, strict=True) if not _has_word(cell)]
        if unlabeled and not any(_stands_out(cell, column) for cell, column in unlabeled):
            return False
    return True


def _has_word(cell: str) -> bool:
    return _TOTAL_ALONE.fullmatch(cell) is not None


def _stands_out(cell: str, column: Sequence[str]) -> bool:
    """True if a cell is blank, or a number above all others, in a column of filled cells."""
    others = [_whole_part(number) for number in column if is_number(number)]
    if not cell.strip():
        return all(map(str.strip, column))
    return len(others) > 0 and _whole_part(cell) > max(others)


def _whole_part(cell: str) -> Decimal:
    """A number's integer digits, ignoring any separators."""
    return Decimal("0" + re.sub(r"\D", "", _DECIMALS.sub("", cell)))


def _stands_after(line: str, cells: Sequence[str], layout: Layout) -> bool:
    """True if a line is a total or a row count, not a customer named Total GmbH."""
    if line.count(layout.quote) % 2:
        return False  # the end of a multi-line cell
    if len(cells) < layout.width:
        return _LAST_WORDS.match(line.lstrip(f"{layout.quote}{layout.delimiter} ")) is not None
    return _is_total(cells)


def _is_total(cells: Sequence[str]) -> bool:
    """True if a row of the table's width has only numbers and a word for a total."""
    written = list(filter(str.strip, cells)) or [""]
    return _TOTAL_ALONE.fullmatch(written[0]) is not None and all(map(is_number, written[1:]))
