"""Signs of wrongly split cells: the problem and the remedy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from riskmodel.tables.reading.layout.rare_delimiters import find_rare_delimiter

_MIN_ROWS = 3
_MOSTLY, _HALF = 0.9, 0.5
_MIN_GAPS = 2
SEVERAL_SPACES = "its cells are separated by several spaces. Write a single character between them, such as a tab"
_NO_MARKS = ".%)]}\"'_-+!?*"
"""Characters at which names and values may end."""
_LINE_ENDS = ";,|&\\"
_PAIRS = (("“", "”"), ("„", "“"), ("«", "»"))

Row = Sequence[str]


def describe_wrong_cells(header: Row, rows: Sequence[Row], lines: Sequence[str], delimiter: str) -> str:
    """The problem with the cells of a table and the remedy, as a sentence; empty without a problem.

    Args:
        header: The names, as split.
        rows: The first rows, as split, without those of another width.
        lines: The header and all first rows, as in the file.
        delimiter: The delimiter used.

    Example:
        >>> rows = [["1~", "30~", "0"], ["2~", "40~", "1"], ["3~", "50~", "0"]]
        >>> describe_wrong_cells(["id~", "age~", "bad"], rows, [], "|")
        "its cells are separated by '~|'. Only single characters are read as delimiters: replace it with one"
    """
    if len(rows) < _MIN_ROWS:
        return ""
    if len(header) == 1:
        return _describe_single_column(lines)
    if delimiter == " " and not all(header[1:-1]):
        return SEVERAL_SPACES
    quotes = header[0][:1], header[0][-1:]
    if _are_quotes(*quotes) and _share(header, *quotes) == 1 and min(_share(row, *quotes) for row in rows) > 0:
        return _describe_quotes(*quotes)
    if long := _find_long_delimiter(header, rows, delimiter):
        return _describe_delimiter(long)
    end = header[-1][-1:]
    if end and end in _LINE_ENDS and all(row[-1].endswith(end) for row in rows):
        return f"every line ends with {end!r}, which would be part of the last column. Remove it from the line ends"
    quote = _find_quote(lines[1:], len(rows), delimiter)
    return _describe_quotes(quote, quote) if quote else ""


def _describe_quotes(opening: str, closing: str) -> str:
    return f"its cells are enclosed by {opening} and {closing}. Only \" and ' are read as quotes: write one of these"


def _find_quote(lines: Sequence[str], num_whole: int, delimiter: str) -> str:
    """A character around cells with delimiters in most rows of another width than the table; empty if none.

    Args:
        lines: All first rows.
        num_whole: Number of them as wide as the table.
        delimiter: The table's.
    """
    num_others = len(lines) - num_whole
    if num_others < _MIN_ROWS:
        return ""
    mark = re.escape(delimiter)
    quoted = re.compile(rf"(?:^|{mark})([^\w\s\"'{mark}])(?:(?!\1).)*{mark}(?:(?!\1).)*\1(?={mark}|[\r\n]|$)")
    quotes = Counter(match[1] for line in lines for match in quoted.finditer(line))
    quote, count = quotes.most_common(1)[0] if quotes else ("", 0)
    return quote if count >= _MOSTLY * num_others else ""


def _describe_delimiter(delimiter: str) -> str:
    return (
        f"its cells are separated by {delimiter!r}. Only single characters are read as delimiters: replace it with one"
    )


def _describe_single_column(lines: Sequence[str]) -> str:
    delimiter = find_rare_delimiter(lines, may_be_text=True)
    if len(delimiter) > 1:
        return _describe_delimiter(delimiter)
    if delimiter:
        return f"its cells seem to be separated by {delimiter!r}. Choose it as the delimiter, or write another one"
    gaps = [len(re.findall(r"\S {2,}(?=\S)", line)) for line in lines]
    share = _MOSTLY if gaps[0] == 1 else _HALF  # blank cells join gaps
    if gaps[0] and sum(count == gaps[0] for count in gaps) >= share * len(gaps):
        return SEVERAL_SPACES
    if _count_gaps(lines) >= _MIN_GAPS:
        return "its columns have a fixed width instead of a delimiter. Export the table as CSV"
    return ""


def _count_gaps(lines: Sequence[str]) -> int:
    """Number of inner positions at which every line has a space after another character."""
    width = max(map(len, lines), default=0)
    padded = [line.rstrip("\r\n").ljust(width) for line in lines]
    blank = "".join(" " if all(line[place] == " " for line in padded) else "x" for place in range(width))
    return len(re.findall("x +(?=x)", blank))


def _find_long_delimiter(header: Row, rows: Sequence[Row], delimiter: str) -> str:
    """A delimiter of several characters, of which one was used; empty if none.

    Then every cell but the last ends with the same characters, every cell but the first begins with them, or every
    second cell consists of them.
    """
    between = {cell for row in (header, *rows) for cell in row[1::2]}
    if len(header) > 3 and len(header) % 2 and len(between) == 1 and re.fullmatch(r"[^\w\s]+", cell := between.pop()):
        return f"{delimiter}{cell}{delimiter}"
    end, start = header[0][-1:], header[-1][:1]
    ends = _is_mark(end) and all(cell.endswith(end) for row in (header, *rows) for cell in row[:-1])
    starts = _is_mark(start) and all(cell.startswith(start) for row in (header, *rows) for cell in row[1:])
    return f"{end if ends else ''}{delimiter}{start if starts else ''}" if ends or starts else ""


def _is_mark(letter: str) -> bool:
    return letter != "" and not letter.isalnum() and not letter.isspace() and letter not in _NO_MARKS + "([{$€£¥#@"


def _are_quotes(opening: str, closing: str) -> bool:
    if (opening, closing) in _PAIRS:
        return True
    return opening == closing and opening != "" and (_is_mark(opening) or opening in "$#*")


def _share(cells: Row, opening: str, closing: str) -> float:
    """Share of the filled cells enclosed by two characters."""
    filled = [cell for cell in cells if cell]
    return sum(len(cell) > 1 and cell[0] == opening and cell[-1] == closing for cell in filled) / max(len(filled), 1)
