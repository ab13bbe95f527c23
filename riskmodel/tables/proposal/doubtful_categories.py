"""Doubts about categorical columns: texts within quotes, and words such as None that are read as missing."""

import re

import numpy as np
import numpy.typing as npt

from riskmodel.tables.evidence.evidence import ColumnTexts, show_text
from riskmodel.tables.evidence.odd_cells import PLEASE_CHECK
from riskmodel.tables.schema.schema import Column
from riskmodel.wording import count

_QUOTES = "'\"`"
_CODE = re.compile("[A-Z]{2}")
_MIN_CODES = 2
_MAX_LEVELS = 10
_MAY_BE_LEVELS = frozenset(["none", "na", "n/a", "nan", "null", "-", "--", "–", "—"])
_LEVELS = re.compile(r"(\d+) different texts")
_WORD_AND_CELLS = re.compile(r"'([^']+)' \(([\d,]+) cells?,")
IN_QUOTES = "in quotes that are read as part of the value"
READ_AS_MISSING = "is read as missing, but the other values are codes of two letters"
MISSING = "read as missing"
AS_FREQUENT = "is as frequent as the categories"
DOUBTS = (IN_QUOTES, READ_AS_MISSING)
"""Phrases in a column's reason that ask the analyst to check it."""


def describe_doubts(texts: ColumnTexts) -> str:
    """What to check in a categorical column; empty if nothing is doubtful.

    Cells within a pair of quotes are named where the same text also occurs without these quotes, or where all texts of
    the column are in quotes: the file then has a second quote character, which was read as text.

    Args:
        texts: The column's cells.
    """
    if texts.levels is None:  # chosen by the analyst despite many distinct values
        return ""
    return "; ".join(filter(None, [_describe_quoted(texts), _describe_code(texts)]))


def _describe_quoted(texts: ColumnTexts) -> str:
    unquoted = {text: _without_quotes(text) for text in map(str, texts.distinct.to_pylist())}
    quoted = {text for text, inner in unquoted.items() if inner != text}
    if len(quoted) < len(unquoted):
        plain = [inner for text, inner in unquoted.items() if text not in quoted]
        quoted = {text for text in quoted if unquoted[text] in plain}
    if not quoted:
        return ""
    trimmed = [str(text).strip() for text in texts.different.to_pylist()]
    num_cells, row = _locate(texts, np.array([text in quoted for text in trimmed]))
    first = str(texts.cells[row].as_py()).strip()
    cells = count(num_cells, "cell is", "cells are")
    return f"{cells} {IN_QUOTES} (first: {show_text(first)} in row {row + 1:,}): {PLEASE_CHECK}"


def _describe_code(texts: ColumnTexts) -> str:
    codes = texts.distinct.to_pylist()
    if "NA" not in texts.markers or len(codes) < _MIN_CODES or not all(_CODE.fullmatch(str(code)) for code in codes):
        return ""
    chosen = np.array([str(text).strip() == "NA" for text in texts.different.to_pylist()])
    if not chosen.any():
        return ""
    num_cells, row = _locate(texts, chosen)
    return f"'NA' ({count(num_cells, 'cell')}, first in row {row + 1:,}) {READ_AS_MISSING}: {PLEASE_CHECK}"


def describe_missing(texts: ColumnTexts) -> str:
    """The words read as missing among categories, with their numbers of cells; empty without any."""
    if texts.levels is None:
        return ""
    trimmed = [str(text).strip() for text in texts.different.to_pylist()]
    descriptions = []
    for word in dict.fromkeys(text for text in trimmed if text and text in texts.markers):
        num_cells, row = _locate(texts, np.array([text == word for text in trimmed]))
        descriptions.append(f"{show_text(word)} ({count(num_cells, 'cell,', 'cells, first in')} row {row + 1:,})")
    return f"{MISSING}: {', '.join(descriptions)}" if descriptions else ""


def find_missing_words(column: Column) -> dict[str, int]:
    """The words read as missing in a categorical column, and their numbers of cells, parsed from its reason."""
    part = next((part for part in column.reason.split("; ") if part.startswith(f"{MISSING}: ")), "")
    return {match[1]: int(match[2].replace(",", "")) for match in _WORD_AND_CELLS.finditer(part)}


def may_be_level(column: Column, num_rows: int) -> str | None:
    """The word read as missing in a categorical column that may be one of its categories; None without any.

    It is a word such as None or NA that is at least half as frequent as the average of a few categories.

    Args:
        column: As proposed.
        num_rows: Rows of the table.
    """
    words, levels = find_missing_words(column), _LEVELS.match(column.reason)
    if column.kind != "categorical" or len(words) != 1 or levels is None or int(levels[1]) > _MAX_LEVELS:
        return None
    word, count = next(iter(words.items()))
    is_frequent = 2 * count * int(levels[1]) >= num_rows - count
    return word if is_frequent and word.casefold() in _MAY_BE_LEVELS else None


def with_level_doubt(column: Column, word: str) -> Column:
    """The column with a reason that mentions the word read as missing that may be a category."""
    return column.model_copy(update={"reason": f"{column.reason}; {show_text(word)} {AS_FREQUENT}"})


def _locate(texts: ColumnTexts, chosen: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """Number of cells with one of the chosen distinct texts, bool (m,), and the index of the first."""
    marks = texts.encoded.map_marks(chosen)
    return int(np.count_nonzero(marks)), int(np.argmax(marks))


def _without_quotes(text: str) -> str:
    return text[1:-1].strip() if len(text) > 2 and text[0] in _QUOTES and text[0] == text[-1] else text
