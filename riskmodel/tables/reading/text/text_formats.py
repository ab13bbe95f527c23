"""Detection of text formats other than delimited cells, such as JSON or Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MAX_LINES = 60
_MOSTLY = 0.8

_JSON_LINE = re.compile(r"\s*(?:\{\s*\"|\[\s*[\[{\"])")
_JSON = re.compile(r"\s*(?:\{\s*\"|\[\s*(?:[\[{\"]|-?\d[^\]]*\]))")
_MARKUP = re.compile(r"\s*<[A-Za-z!?][^<>]*>\s*(?:<|\w|\Z)")
_SQL = re.compile(
    r"\s*(?:insert\s+into\s+\S+.*\bvalues\b|create\s+table\s+[\w.`\"\[\]]+\s*\(|copy\s+\S+.*\bfrom\s+stdin\b)",
    re.IGNORECASE,
)
_TABLE_LINES = (
    (re.compile(r"\|\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?"), "a Markdown table", ""),
    (re.compile(r"\|-+(?:\+-+)+\|?"), "an Org table", ""),
    (re.compile(r"-+(?:\+-+)+"), "the aligned output of psql", " with psql --csv"),
    (re.compile(r"-\[ RECORD \d+ \][-+]*"), "the expanded output of psql", " with psql --csv"),
    (re.compile(r"\+[-=]+(?:\+[-=]+)*\+|[┌╔╒╭┏].*[┐╗╕╮┓]"), "a table in a frame of characters", ""),
    (re.compile(r"\\begin\{(?:tabular|longtable|array).*"), "a LaTeX table", ""),
)


def describe_text_format(text: str) -> tuple[str, str]:
    """Name, with an article, of a text format without delimited cells, and how to export it as CSV.

    Both are empty if the text may be delimited.

    Args:
        text: Its beginning.

    Example:
        >>> describe_text_format('{"id": 1, "bad": 0}\\n{"id": 2, "bad": 1}\\n')[0]
        'a file of JSON lines'
    """
    first = [line.strip() for line in text[: 1 << 16].splitlines() if line.strip()][:_MAX_LINES]
    if not first:
        return "", ""
    if _JSON.match(text):
        lines = sum(_JSON_LINE.match(line) is not None and line[-1] in "]}" for line in first)
        return ("a file of JSON lines" if lines == len(first) > 1 else "a JSON file"), ""
    if _MARKUP.match(text):
        return "an XML or HTML document", ""
    if any(map(_SQL.match, first)):
        return "an SQL script", ""
    for pattern, words, how in _TABLE_LINES:
        if any(map(pattern.fullmatch, first)):
            return words, how
    return ("a LaTeX table", "") if _is_latex(first) else ("", "")


def _is_latex(lines: Sequence[str]) -> bool:
    rows = sum(line.endswith("\\\\") and "&" in line for line in lines)
    return len(lines) > 1 and rows >= _MOSTLY * len(lines)
