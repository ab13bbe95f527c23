"""Detection of rare delimiters by the characters common to the header and nearly every row."""

from __future__ import annotations

import re
from collections.abc import Sequence

CONTROLS = "".join(map(chr, (*range(1, 9), 0x0B, 0x0C, *range(0x0E, 0x20))))
SINGLE = CONTROLS + "^~#!&*:"
"""Characters that are delimiters if the header has as many of them as nearly every row."""
_NO_DELIMITERS = "_.,'\"()[]{}"
_MOSTLY = 0.8
_MIN_ROWS = 3


def find_rare_delimiter(lines: Sequence[str], may_be_text: bool = False) -> str:
    """The characters that separate the cells of lines without a usual delimiter; empty if none.

    They occur between words of the header, and equally often in at least 80% of the rows. Dates, times and addresses
    under a plain name are not split.

    Args:
        lines: The header and at least three rows.
        may_be_text: Whether rows may have more of them, as part of their cells.

    Example:
        >>> find_rare_delimiter(["id::age", "1::30", "2::40", "3::50"])
        '::'
        >>> find_rare_delimiter(["at", "1:30", "2:40", "3:50"])
        ''
    """
    header, *rows = [line.rstrip("\r\n") for line in lines if line.strip()] or [""]
    if len(rows) < _MIN_ROWS:
        return ""
    for mark in dict.fromkeys(letter for letter in header if _may_delimit(letter)):
        runs = set(re.findall(rf"[^\w\s\"']*{re.escape(mark)}[^\w\s\"']*", header))
        delimiter = runs.pop() if len(runs) == 1 else mark
        if delimiter == ":" and not may_be_text and any(": " in line for line in (header, *rows)):
            continue  # names and values, as in `age: 30`
        names = header.split(delimiter)
        if len(set(names)) < len(names) or not all(re.search(r"\w", name) for name in names):
            continue
        counts = [row.count(delimiter) for row in rows]
        same = sum(count == len(names) - 1 or (may_be_text and count > len(names) - 1 > 1) for count in counts)
        if same >= _MOSTLY * len(rows):
            return delimiter
    return ""


def _may_delimit(letter: str) -> bool:
    return not (letter.isalnum() or (letter.isspace() and letter not in CONTROLS) or letter in _NO_DELIMITERS)
