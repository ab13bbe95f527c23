"""How a text is laid out, found from its beginning: delimiter, quotes, lines before the header, comments, header.

Each delimiter is tried on the first rows; the one that cuts most of them into as many cells, and into the most that are
a number or hold no other delimiter, is taken. Whatever is found can be wrong, so it is said in words and can be chosen
by hand.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Literal

DELIMITERS = (",", ";", "\t", "|", " ")
_SAMPLE_ROWS = 500
_SAMPLE_CELLS = 10_000
_LIKELY_SHARE = 0.8
_MOST_LINES_BEFORE = 30
_NUMBER = re.compile(r"\s*[-+(]?[$€£¥]?\s*[-+]?\d[\d.,' ]*(?:[eE][-+]?\d+)?\s*[%)-]?\s*")
_MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "?", "-", "."})
_MOSTLY = 0.9
_FEW = 0.2
_YEAR = re.compile(r"\s*(?:19|20)\d\d\s*")


@dataclass(frozen=True)
class Layout:
    """How a text is laid out; the fields are those of a `Dialect`.

    Attributes:
        width: Cells of most rows.
        share: Share of the rows, from the header on, that have as many.
        clean: Share of their cells that are a number or hold neither another delimiter nor a quote.
    """

    delimiter: str = ","
    quote: Literal['"', "'"] = '"'
    escape: Literal["", "\\"] = ""
    comment: str = ""
    skip_lines: int = 0
    header_lines: int = 1
    width: int = 1
    share: float = 0.0
    clean: float = 0.0
    rows: tuple[tuple[int, list[str]], ...] = field(default=(), repr=False)

    @property
    def rank(self) -> tuple[bool, bool, int, float, float]:
        """The larger, the likelier."""
        likely = self.share >= _LIKELY_SHARE
        return (
            likely,
            self.skip_lines == 0,
            -self.skip_lines,
            round(self.share * self.width * self.clean, 6),
            self.clean,
        )


def find_layout(text: str) -> Layout:
    """The likeliest layout of a text that begins with a file's first line.

    Example:
        >>> found = find_layout("Report of May\\nid;amount\\n1;2,5\\n2;3,5\\n")
        >>> found.delimiter, found.skip_lines, found.header_lines
        (';', 1, 1)
    """
    quote: Literal['"', "'"] = "'" if '"' not in text and _in_single_quotes(text) else '"'
    plain = [Layout(delimiter, quote) for delimiter in DELIMITERS]
    tried = [_try(text, each) for each in plain]
    if f"\\{quote}" in text:
        tried += [_try(text, replace(each, escape="\\")) for each in plain]
    if re.search(r"^#", text, re.MULTILINE) and not any(map(_has_numbered_rows, tried)):
        tried += [_try(text, replace(each, comment="#")) for each in plain]
    best = Layout(quote=quote, rows=tried[0].rows)
    for each in tried:
        if each.width > 1 and each.rank > best.rank:
            best = each
    return replace(best, header_lines=_count_header_lines([cells for _, cells in best.rows]), rows=())


def split_lines(text: str) -> list[str]:
    """Its lines with their ends, which are line feeds, carriage returns or both and nothing else."""
    return list(io.StringIO(text, newline=""))


def _in_single_quotes(text: str) -> bool:
    lines = split_lines(text)[:50]
    return sum(bool(re.search(r"(?:^|[,;\t|])'[^']*'(?:[,;\t|\r\n]|$)", line)) for line in lines) > len(lines) / 2


def _try(text: str, layout: Layout) -> Layout:
    """The layout with what its delimiter makes of the text."""
    rows = _cut(text, layout)
    lengths = [len(cells) for _, cells in rows]
    if not lengths:
        return layout
    first = _first_of_table(lengths)
    width = lengths[first]
    share = lengths[first:].count(width) / len(lengths[first:])
    if first and lengths[first - 1] == width - 1 and _count_header_lines([cells for _, cells in rows[first:]]) == 0:
        first -= 1  # the header: R writes no name for the rows' own names, others end every row with a delimiter
    skip_lines = rows[first][0] - 1 if first else 0
    kept = tuple(rows[first:])
    clean = _share_of_clean([cells for _, cells in kept[1:] or kept], layout)
    return replace(layout, width=width, share=share, clean=clean, skip_lines=skip_lines, rows=kept)


def _share_of_clean(rows: Sequence[Sequence[str]], layout: Layout) -> float:
    """Share of cells that another delimiter would not cut; a comma before a space is prose in any table."""
    others = "".join(each for each in DELIMITERS if each not in (layout.delimiter, " "))
    mark = re.compile(f"[{others}{layout.quote}]")
    cells = list(islice(chain.from_iterable(rows), _SAMPLE_CELLS))
    unclean = sum(
        mark.search(cell.replace(", ", "")) is not None and ("\t" in cell or not is_number(cell)) for cell in cells
    )
    return 1 - unclean / max(len(cells), 1)


def _has_numbered_rows(found: Layout) -> bool:
    """Whether the table is there without comments, and lines that begin with ``#`` are rows or the header of it."""
    if found.width < 2 or found.share < _LIKELY_SHARE or found.skip_lines:
        return False
    return any(cells[0].startswith("#") and len(cells) == found.width for _, cells in found.rows)


def _first_of_table(lengths: Sequence[int]) -> int:
    """The row that the table begins with: the first as wide as most rows are, if only narrower ones stand above."""
    usual, count = Counter(lengths).most_common(1)[0]
    first = lengths.index(usual)
    if usual < 2 or first > _MOST_LINES_BEFORE or count < 2 or any(length >= usual for length in lengths[:first]):
        return 0
    return first


def _cut(text: str, layout: Layout) -> list[tuple[int, list[str]]]:
    """The first rows, each with the line it begins in; blank lines and comments are left out."""
    lines = split_lines(text)
    if layout.comment:  # a blank line keeps the count of lines
        lines = ["\n" if line.startswith(layout.comment) else line for line in lines]
    reader = csv.reader(lines, delimiter=layout.delimiter, quotechar=layout.quote, escapechar=layout.escape or None)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            if row:
                rows.append((line, row))
            line = reader.line_num + 1
            if len(rows) > _SAMPLE_ROWS:
                break
    except csv.Error:
        return rows
    return rows


def _count_header_lines(rows: Sequence[Sequence[str]]) -> int:
    """None where the first row has numbers as the others do; two where the second has none in columns of numbers."""
    if len(rows) < 3:
        return 1
    numeric = [i for i in range(len(rows[0])) if _is_numeric([row[i] for row in rows[2:] if i < len(row)])]
    if not numeric:
        return 1
    first, second = ([row[i] if i < len(row) else "" for i in numeric] for row in rows[:2])
    numbers = [cell for cell in first if is_number(cell)]
    if len(numbers) > len(numeric) / 2:
        # Years above numbers that are none are the columns' names.
        others = [row[i] for row in rows[2:] for i in numeric if i < len(row)]
        return int(len(set(numbers)) > 1 and _share_of_years(numbers) == 1 and _share_of_years(others) < _FEW)
    # Names differ; where a customer's numbers are missing, all of them say so in the same way.
    named = {cell for cell in second if not is_number(cell) and cell.strip().lower() not in _MISSING}
    many = len(numeric) > 1 and 2 * len(numeric) >= len(rows[0])
    return 2 if len(rows) > 4 and len(named) == len(numeric) and many else 1


def _share_of_years(cells: Sequence[str]) -> float:
    return sum(_YEAR.fullmatch(cell) is not None for cell in cells) / max(len(cells), 1)


def _is_numeric(cells: Sequence[str]) -> bool:
    present = [cell for cell in cells if cell.strip().lower() not in _MISSING]
    return len(present) > 0 and sum(map(is_number, present)) >= _MOSTLY * len(present)


def is_number(cell: str) -> bool:
    """Whether a cell is a number however it is written, with a currency or as a share."""
    return _NUMBER.fullmatch(cell) is not None
