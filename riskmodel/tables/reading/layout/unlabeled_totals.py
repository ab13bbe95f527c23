"""Totals recognized by their numbers: last rows with the sums or means of their columns.

They lack values that every other row has, or have the label of a total that could also be a customer's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from riskmodel.tables.reading.layout.header_search import is_number
from riskmodel.tables.reading.layout.row_labels import is_labeled_total

_MAX_TOTALS = 5
_MIN_ROWS = 5
_MIN_LACKING = 2
_SUM_PRECISION, _MEAN_PRECISION = 0.01, 0.001
"""Half of the last digit's unit, as a share of the number: coarser numbers may match by chance."""
_ROUNDING = 1e-9

Row = Sequence[str]


def count_unlabeled_totals(tail: Sequence[Row], read_rows: Callable[[], Iterable[Row]]) -> int:
    """Number of the last rows that are totals, including rows of blank cells among and below them.

    Such a row has only numbers, and blank cells in at least two columns that all other rows fill. At least half of the
    numbers, and two of them, are the sums or means of their columns; one suffices if an identifier is blank, or
    if the row begins with the label of a total, such as ``Total`` or ``Average``.

    Args:
        tail: The table's last rows, all with the same number of cells.
        read_rows: Returns all rows of the table, including the last ones and possibly header and title; called only
            if the last rows resemble totals.
    """
    for count in range(_count_candidates(tail), 0, -1):
        above, last = (list(filter(_filled, rows)) for rows in (tail[:-count], tail[-count:]))
        if not _filled(tail[-count]) or len(above) < _MIN_ROWS:
            continue
        if all(map(is_labeled_total, last)):
            if _add_up(last, None, 1, read_rows()):
                return count
            continue
        always = [place for place, cells in enumerate(zip(*above, strict=True)) if all(map(str.strip, cells))]
        lacking = [place for place in always if not any(row[place].strip() for row in last)]
        if len(lacking) < _MIN_LACKING:
            continue
        keys = [place for place in lacking if len({row[place] for row in above}) == len(above)]
        if _add_up(last, (keys or lacking)[0], 1 if keys else 2, read_rows()):
            return count
    return 0


def _count_candidates(rows: Sequence[Row]) -> int:
    """Number of the last rows with only numbers and blank cells, or with the label of a total at the beginning."""
    count = 0
    for row in reversed(rows[-_MAX_TOTALS:]):
        filled = _filled(row)
        is_numeric = len(filled) < len(row) and all(is_number(row[place]) for place in filled)
        if not is_numeric and not is_labeled_total(row):
            break
        count += 1
    return count


def _filled(row: Row) -> list[int]:
    return [place for place, cell in enumerate(row) if cell.strip()]


def _numbers(row: Row) -> list[int]:
    """Indices of the numbers other than zero, which is also the sum of columns without any number."""
    return [place for place in _filled(row) if is_number(row[place]) and re.search("[1-9]", row[place])]


class _Column:
    """Sum of a column's numbers, with a decimal point or a decimal comma."""

    def __init__(self, decimal: str) -> None:
        self.decimal = decimal
        self.count = 0
        self.sum = self.absolute = 0.0

    def add(self, cell: str) -> None:
        value = _parse(cell, self.decimal)
        if value is not None:
            self.count += 1
            self.sum += value
            self.absolute += abs(value)

    def matches(self, cell: str) -> bool:
        """True if a cell is the sum or the mean, to the precision of its digits."""
        value = _parse(cell, self.decimal)
        if not value or self.count < _MIN_ROWS:
            return False
        decimals = len(re.sub(r"\D", "", cell.partition(self.decimal)[2]))
        half = 0.5 * 10.0**-decimals
        candidates = ((self.sum, 1, _SUM_PRECISION), (self.sum / self.count, self.count, _MEAN_PRECISION))
        return any(
            half <= precision * abs(value)
            and abs(value - expected) <= half * (1 + _ROUNDING) + _ROUNDING * self.absolute / divisor
            for expected, divisor, precision in candidates
        )


def _parse(cell: str, decimal: str) -> float | None:
    digits = re.sub(rf"[^\d{decimal}eE+-]", "", cell).replace(decimal, ".")
    try:
        return float(digits)
    except ValueError:
        return None


def _add_up(last: Sequence[Row], key: int | None, needed: int, rows: Iterable[Row]) -> bool:
    """True if numbers of each of the last rows are sums or means, and all other rows have a key, if there is one."""
    columns = {place: [_Column("."), _Column(",")] for row in last for place in _numbers(row)}
    width, without_key = len(last[0]), 0
    for row in rows:
        if len(row) != width:
            continue
        if key is not None and not row[key].strip():
            without_key += bool(_filled(row))
        elif not is_labeled_total(row):
            for place, sums in columns.items():
                if row[place].strip():
                    sums[0].add(row[place])
                    sums[1].add(row[place])
    if key is not None and without_key != len(last):
        return False
    for row in last:
        numbers = _numbers(row)
        matching = sum(any(total.matches(row[place]) for total in columns[place]) for place in numbers)
        if matching < max(needed, len(numbers) / 2):
            return False
    return True
