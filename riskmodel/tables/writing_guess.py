"""How cells that cannot be read the way their column is written seem to be written instead."""

from __future__ import annotations

from collections.abc import Sequence

from riskmodel.tables.arrow import pc, strings
from riskmodel.tables.dates import ISO_FORMAT, find_date_formats
from riskmodel.tables.number_formats import find_number_format
from riskmodel.tables.numbers import NumberFormat, parse_numbers
from riskmodel.tables.schema import Column

_NEARLY = 0.9


def guess_writing(column: Column, texts: Sequence[str]) -> str:
    """A question that names the likely way, and how to write the cells instead; empty where none comes to mind.

    Args:
        column: A number or date column, whose way of writing the texts do not have.
        texts: Cells that cannot be read so, each once.

    Example:
        >>> guess_writing(Column(name="income", kind="numerical"), ["1.234,56", "7,5"])
        'Written with decimal commas? The model expects numbers like 1234.50.'
    """
    cells = pc.utf8_trim_whitespace(strings(texts))
    if column.kind == "date":
        formats = find_date_formats(cells, digits=True)
        return f"Written as {formats[0]}? The model expects {column.date_format or ISO_FORMAT}." if formats else ""
    found = find_number_format(cells) if column.kind == "numerical" else None
    if found is None:
        return ""
    seems = found.number_format or NumberFormat()
    wanted = column.number_format or NumberFormat()
    if parse_numbers(cells, seems)[1].mean() > 1 - _NEARLY or seems == wanted:
        return ""
    return f"Written with {_name(seems, wanted)}? The model expects numbers like {wanted.example}."


def _name(seems: NumberFormat, wanted: NumberFormat) -> str:
    """What sets one way apart from another, in words."""
    if seems.decimal_mark != wanted.decimal_mark:
        return "decimal commas" if seems.decimal_mark == "," else "decimal points"
    if seems.affix != wanted.affix:
        return f"'{seems.affix}'" if seems.affix else f"no '{wanted.affix}'"
    if seems.grouping == "lakhs" != wanted.grouping:
        return "Indian digit grouping"
    if seems.thousands_mark != wanted.thousands_mark:
        return "marks between thousands" if seems.thousands_mark else "no marks between thousands"
    return f"negative numbers like '{seems.example}'"
