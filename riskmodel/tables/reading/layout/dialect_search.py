"""Detection of a text's layout from its beginning: delimiter, quotes, lines before the header, comments, header.

Each delimiter is tried on the first rows. The one is chosen that splits most of them into the same number of cells, and
into the most cells that are a number or contain no other delimiter. The result can be wrong, so it is described and can
be changed by the analyst.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Literal

from riskmodel.tables.reading.layout.delimiter_check import describe_wrong_cells
from riskmodel.tables.reading.layout.header_search import count_header_rows, count_title_rows, is_number
from riskmodel.tables.reading.layout.rare_delimiters import SINGLE, find_rare_delimiter

DELIMITERS = (",", ";", "\t", "|", " ")
_SAMPLE_ROWS = 500
_SAMPLE_CELLS = 10_000
_LIKELY_SHARE = 0.8
_MIN_CLEAN = 0.25
"""Largest share of cells that contain another delimiter."""
_MAX_LINES_BEFORE = 30
_MANY = 0.9
_MANY_ROWS = 50
# A cell that does not end with its quote is skipped as a whole, so that the time is linear in the length.
_QUOTED_CELL = r"(?:^|(?<=[,;\t|]))[ ]?{quote}([^{quote}]*+(?:{quote}{quote}[^{quote}]*+)*+)({quote}(?=[,;\t|\r\n]|$))?"


@dataclass(frozen=True)
class Layout:
    """The layout of a text; the fields are those of `Dialect`.

    Attributes:
        narrow_lines: Number of lines before the header that are narrower than the table.
        width: Number of cells in most rows.
        share: Share of the rows, from the header on, with this width.
        clean: Share of their cells that are a number or contain neither another delimiter nor a quote.
        doubt: Why the cells seem wrongly split, and the remedy; empty without a problem.
    """

    delimiter: str = ","
    quote: Literal['"', "'"] = '"'
    escape: Literal["", "\\"] = ""
    comment: str = ""
    skip_lines: int = 0
    header_lines: int = 1
    skip_initial_space: bool = False
    narrow_lines: int = 0
    width: int = 1
    share: float = 0.0
    clean: float = 0.0
    doubt: str = ""
    rows: tuple[tuple[int, list[str]], ...] = field(default=(), repr=False)

    @property
    def rank(self) -> tuple[bool, bool, int, float, float]:
        """Sort key; larger is likelier."""
        likely = self.share >= _LIKELY_SHARE and self.clean >= _MIN_CLEAN
        return (
            likely,
            self.narrow_lines == 0,
            -self.narrow_lines,
            round(self.share * self.width * self.clean, 6),
            self.clean,
        )


def find_layout(text: str, delimiters: Sequence[str] = DELIMITERS) -> Layout:
    """The likeliest layout with one of the delimiters of a text that begins with a file's first line.

    Example:
        >>> layout = find_layout("Report of May\\nid;amount\\n1;2,5\\n2;3,5\\n")
        >>> layout.delimiter, layout.skip_lines, layout.header_lines
        (';', 1, 1)
    """
    quote: Literal['"', "'"] = "'" if _in_single_quotes(text) else '"'
    plain = [
        Layout(delimiter, quote, skip_initial_space=_follows_space(text, delimiter, quote)) for delimiter in delimiters
    ]
    tried = [_try(text, layout) for layout in plain]
    if f"\\{quote}" in text:
        tried += [_try(text, replace(layout, escape="\\")) for layout in plain]
    if re.search(r"^#", text, re.MULTILINE) and not any(map(_has_numbered_rows, tried)):
        tried += [_try(text, replace(layout, comment="#")) for layout in plain]
    best = Layout(delimiters[0], quote, rows=tried[0].rows)
    for layout in tried:
        # With only a header, as with thousands of columns, spaces belong to the names if another delimiter splits it.
        is_prose = layout.delimiter == " " and len(layout.rows) == 1 and best.width > 1
        if layout.width > 1 and layout.rank > best.rank and not is_prose:
            best = layout
    rare = find_rare_delimiter(split_lines(text)[:_SAMPLE_ROWS]) if best.width == 1 and len(delimiters) > 1 else ""
    if rare and rare in SINGLE and (layout := _try(text, Layout(rare, quote))).width > 1:
        best = layout
    rows = [cells for _, cells in best.rows]
    doubt = _find_doubt(text, best) if rows else ""
    return replace(best, header_lines=count_header_rows(rows), doubt=doubt, rows=())


def _find_doubt(text: str, layout: Layout) -> str:
    (first, header), *others = layout.rows[:_MANY_ROWS]
    rows = [cells for _, cells in others if len(cells) == len(header)]
    lines = split_lines(text)
    numbers = [first, *(line for line, _ in others)]
    return describe_wrong_cells(header, rows, [lines[number - 1] for number in numbers], layout.delimiter)


def split_lines(text: str) -> list[str]:
    """Its lines with their ends, which are line feeds, carriage returns or both."""
    return list(io.StringIO(text, newline=""))


def _in_single_quotes(text: str) -> bool:
    """True if cells are in single quotes: most lines have one, or one contains a doubled quote.

    There must be more such lines than lines with cells in double quotes.
    """
    lines = split_lines(text)[:_SAMPLE_ROWS]
    cells = [_quoted_cells(line, "'") for line in lines]
    num_double = sum(bool(_quoted_cells(line, '"')) for line in lines)
    if num_double >= sum(map(bool, cells)):
        return False
    if not num_double and any("''" in cell for row in cells for cell in row):
        return True
    return sum(map(bool, cells[:50])) > len(lines[:50]) / 2


def _quoted_cells(line: str, quote: str) -> list[str]:
    cells = re.findall(_QUOTED_CELL.format(quote=quote), line) if quote in line else []
    return [cell for cell, end in cells if end]


def _follows_space(text: str, delimiter: str, quote: str) -> bool:
    """True if nearly all cells except the first, or a quoted cell of nearly all rows, begin with a space.

    The space is then part of the delimiter.
    """
    if delimiter == " " or f"{delimiter} " not in text:
        return False
    lines = [line.rstrip("\r\n") for line in split_lines(text)[:_SAMPLE_ROWS]]
    rows = list(csv.reader(lines, delimiter=delimiter, quotechar=quote, skipinitialspace=True))
    spaced = sum(len(re.findall(f"{re.escape(delimiter)} +[^ {re.escape(delimiter)}]", line)) for line in lines)
    before_quote = re.compile(rf"{re.escape(delimiter)} +{quote}[^{quote}]*{quote}(?:{re.escape(delimiter)}|$)")
    if sum(before_quote.search(line) is not None for line in lines[1:]) >= _MANY * max(len(lines) - 1, 1):
        return True
    cells = sum(1 for row in rows for cell in row[1:] if cell)
    inside = sum(
        len(re.findall(f"{re.escape(delimiter)} +[^ {re.escape(delimiter)}]", cell)) for row in rows for cell in row
    )
    return cells > 0 and spaced - inside >= _MANY * cells


def _try(text: str, layout: Layout) -> Layout:
    """The layout completed by splitting the text at its delimiter."""
    rows = _cut(text, layout)
    lengths = [len(cells) for _, cells in rows]
    if not lengths:
        return layout
    first = _first_of_table(lengths)
    width, counted = lengths[first], lengths[first:]
    if first == 0 and len(lengths) > 2 and width > (usual := _usual_length(lengths)):
        width, counted = usual, lengths[1:]  # the header has more names than the rows have cells
    share = (counted.count(width) + _count_in_other_quotes(text, layout, width)) / len(counted)
    cells = [row for _, row in rows[first:]]
    is_header_above = first > 0 and _is_header_above(rows[first - 1][1], cells)
    first -= is_header_above
    narrow_lines = rows[first][0] - 1 if first else 0
    same_width = [place for place, row in enumerate(cells) if len(row) == width]
    if not is_header_above and len(cells[0]) == width:
        first += same_width[count_title_rows([cells[place] for place in same_width])]
    skip_lines = rows[first][0] - 1 if first else 0
    kept = tuple(rows[first:])
    clean = _share_of_clean([cells for _, cells in kept[1:] or kept], layout)
    return replace(
        layout, width=width, share=share, clean=clean, skip_lines=skip_lines, narrow_lines=narrow_lines, rows=kept
    )


def _count_in_other_quotes(text: str, layout: Layout, width: int) -> int:
    """Number of rows that have another width only because their cells use other quotes than most rows."""
    other: Literal['"', "'"] = "'" if layout.quote == '"' else '"'
    lines = [
        line
        for line in split_lines(text)[:_SAMPLE_ROWS]
        if any(layout.delimiter in cell for cell in _quoted_cells(line, other))
    ]
    own, others = (_cut("".join(lines), replace(layout, quote=quote)) for quote in (layout.quote, other))
    if len(own) != len(lines) or len(others) != len(lines):
        return 0  # multi-line cells, or rows that cannot be split
    return sum(len(a) != width and len(b) == width for (_, a), (_, b) in zip(own, others, strict=True))


def _is_header_above(cells: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """True if the row above rows without a header is the header: it lacks one name, or has another delimiter.

    R writes no name for the row names; other programs end every row with a delimiter.
    """
    if count_header_rows(rows) > 0:
        return False
    width = len(rows[0])
    return len(cells) == width - 1 or (len(cells) == 1 and len(re.split(r"[\s,;|]+", cells[0].strip())) == width)


def _share_of_clean(rows: Sequence[Sequence[str]], layout: Layout) -> float:
    """Share of cells that no other delimiter would split; a comma before a space counts as prose."""
    others = "".join(delimiter for delimiter in DELIMITERS if delimiter not in (layout.delimiter, " "))
    # With escaped quotes, a quote in a cell is text.
    mark = re.compile(f"[{others}{'' if layout.escape else layout.quote}]")
    cells = list(islice(chain.from_iterable(rows), _SAMPLE_CELLS))
    unclean = sum(
        mark.search(cell.replace(", ", "")) is not None
        and ("\t" in cell or cell.endswith(tuple(others)) or not is_number(cell))
        for cell in cells
    )
    return 1 - unclean / max(len(cells), 1)


def _has_numbered_rows(layout: Layout) -> bool:
    """True if lines that begin with ``#`` are rows or the header of the table rather than comments."""
    if layout.width < 2 or layout.share < _LIKELY_SHARE or layout.skip_lines:
        return False
    return any(cells[0].startswith("#") and len(cells) == layout.width for _, cells in layout.rows)


def _first_of_table(lengths: Sequence[int]) -> int:
    """The first row of the table: the first with the width of most rows, if only narrower ones precede it."""
    usual = _usual_length(lengths)
    count = lengths.count(usual)
    first = lengths.index(usual)
    if usual < 2 or first > _MAX_LINES_BEFORE or count < 2 or any(length >= usual for length in lengths[:first]):
        return 0
    return first


def _usual_length(lengths: Sequence[int]) -> int:
    return Counter(lengths).most_common(1)[0][0]


def _cut(text: str, layout: Layout) -> list[tuple[int, list[str]]]:
    """The first rows, each with its line, without blank lines and comments."""
    lines = split_lines(text)
    if layout.comment:  # a blank line preserves the line count
        lines = ["\n" if line.startswith(layout.comment) else line for line in lines]
    reader = csv.reader(
        lines,
        delimiter=layout.delimiter,
        quotechar=layout.quote,
        escapechar=layout.escape or None,
        skipinitialspace=layout.skip_initial_space,
    )
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
