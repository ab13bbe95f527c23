"""Totals without a label: last rows that hold the sums or means of their columns and lack what every other row has."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from riskmodel.tables.exclusions import is_labeled_total
from riskmodel.tables.header_search import is_number

_MOST_TOTALS = 5
_LEAST_ROWS = 5
_LEAST_LACKING = 2
_SUM_PRECISION, _MEAN_PRECISION = 0.01, 0.001
"""Half of the last digit's unit, as a share of the number: coarser numbers may match by chance."""
_ROUNDING = 1e-9

Row = Sequence[str]


def count_unlabeled_totals(tail: Sequence[Row], read_rows: Callable[[], Iterable[Row]]) -> int:
    """How many of the last rows are totals that no word names, rows of blank cells among and below them included.

    Such a row has numbers only, and blank cells in at least two columns that all other rows fill. At least half of the
    numbers, and two of them, are the sums or means of their columns; one is enough where an identifier is blank.

    Args:
        tail: The table's last rows, all with the same number of cells.
        read_rows: All rows of the table, the last ones and perhaps its header and title included; asked for only where
            the last rows look like totals.
    """
    for count in range(_count_numeric(tail), 0, -1):
        above, last = (list(filter(_filled, rows)) for rows in (tail[:-count], tail[-count:]))
        if not _filled(tail[-count]) or len(above) < _LEAST_ROWS:
            continue
        always = [place for place, cells in enumerate(zip(*above, strict=True)) if all(map(str.strip, cells))]
        lacking = [place for place in always if not any(row[place].strip() for row in last)]
        if len(lacking) < _LEAST_LACKING:
            continue
        keys = [place for place in lacking if len({row[place] for row in above}) == len(above)]
        if _add_up(last, (keys or lacking)[0], 1 if keys else 2, read_rows()):
            return count
    return 0


def _count_numeric(rows: Sequence[Row]) -> int:
    """How many of the last rows have no cell but numbers and blank ones."""
    count = 0
    for row in reversed(rows[-_MOST_TOTALS:]):
        filled = _filled(row)
        if len(filled) == len(row) or not all(is_number(row[place]) for place in filled):
            break
        count += 1
    return count


def _filled(row: Row) -> list[int]:
    return [place for place, cell in enumerate(row) if cell.strip()]


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
        """Whether a cell is the sum or the mean, as far as its digits tell."""
        value = _parse(cell, self.decimal)
        if not value or self.count < _LEAST_ROWS:
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


def _add_up(last: Sequence[Row], key: int, needed: int, rows: Iterable[Row]) -> bool:
    """Whether numbers of each of the last rows are sums or means, and all other rows have a key."""
    columns = {place: [_Column("."), _Column(",")] for row in last for place in _filled(row)}
    width, without_key = len(last[0]), 0
    for row in rows:
        if len(row) != width:
            continue
        if not row[key].strip():
            without_key += bool(_filled(row))
        elif not is_labeled_total(row):
            for place, sums in columns.items():
                if row[place].strip():
                    sums[0].add(row[place])
                    sums[1].add(row[place])
    if without_key != len(last):
        return False
    for row in last:
        filled = _filled(row)
        matching = sum(any(each.matches(row[place]) for each in columns[place]) for place in filled)
        if matching < max(needed, len(filled) / 2):
            return False
    return True
