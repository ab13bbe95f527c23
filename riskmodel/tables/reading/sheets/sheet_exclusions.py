"""Recognition of sheet rows that are not data, by the same rules as in text files."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple

from riskmodel.tables.reading.layout.exclusions import CONTINUED_HEADER, NO_VALUES, TOTAL, ExclusionRule
from riskmodel.tables.reading.layout.footer_search import count_total_rows
from riskmodel.tables.reading.layout.unlabeled_totals import count_unlabeled_totals
from riskmodel.tables.reading.sheets.sheet_cells import row_to_texts
from riskmodel.tables.reading.sheets.sheet_header import continues_header

_SAMPLE_ROWS = 50
_LAST_ROWS = 500


class ExcludedRow(NamedTuple):
    """A row that is not data.

    Attributes:
        row: Its row number in the sheet, from 1.
        text: Its cells, separated by tabs.
        reason: The reason for its exclusion.
    """

    row: int
    text: str
    reason: str


def find_excluded(
    read_rows: Callable[[], Iterable[Sequence[Any]]], header: Sequence[str], columns: Sequence[int], first_row: int
) -> list[ExcludedRow]:
    """The rows of a table in a sheet that are not data.

    Args:
        read_rows: Iterates over all rows below the header, from the first on each call; blank ones are skipped.
        header: Names of the columns.
        columns: Indices of the columns among the cells of a row.
        first_row: Number of the first row in the sheet, from 1.
    """
    numbered = enumerate(([cells[place] for place in columns] for cells in read_rows()), first_row)
    filled = ((number, cells) for number, cells in numbered if any(cell != "" for cell in cells))
    first = list(islice(filled, _SAMPLE_ROWS))
    texts = [row_to_texts(cells) for _, cells in first]
    excluded: list[ExcludedRow] = []
    if texts and continues_header(texts[0], header, texts[1:]):
        number, cells = first.pop(0)
        excluded.append(ExcludedRow(number, _as_line(cells), CONTINUED_HEADER))
        del texts[0]
    rule = ExclusionRule((tuple(header),), tuple(map(tuple, texts)), len(columns))
    last: deque[tuple[int, list[Any]]] = deque(maxlen=_LAST_ROWS)
    for part in (first, filled):
        for number, cells in part:
            reason = rule.find_reason(row_to_texts(cells)) if rule.is_suspect(cells) else ""
            if not reason:
                last.append((number, cells))
            elif reason != NO_VALUES:
                excluded.append(ExcludedRow(number, _as_line(cells), reason))
    texts = [row_to_texts(cells) for _, cells in last]
    count = count_total_rows(texts) if len(columns) > 1 else 0
    if not count and texts:
        count = count_unlabeled_totals(
            texts, lambda: (row_to_texts([cells[place] for place in columns]) for cells in read_rows())
        )
    totals = [ExcludedRow(number, _as_line(cells), TOTAL) for number, cells in list(last)[len(texts) - count :]]
    return sorted(excluded + totals)


def _as_line(cells: Sequence[Any]) -> str:
    return "\t".join(row_to_texts(cells)).rstrip("\t")
