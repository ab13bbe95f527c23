"""Protection against formula injection: text that a spreadsheet would run as a formula gets an apostrophe prefix."""

from __future__ import annotations

from riskmodel.tables.arrow import Array, pc, strings

# The four signs, their compatibility variants (Apple Numbers evaluates ＝1+1), and the minus
# sign U+2212, which is the negative sign of some locales, with its variants.
_HOMOGLYPHS = "＝﹦⁼₌⩵⩶＋﹢⁺₊﬩－﹣−⁻₋＠﹫"
_SIGNS = rf"[=+\-@{_HOMOGLYPHS}]"
# The list separator of some locale, a tab or a line end begins a new cell. No locale uses a bar as list separator.
_SEPARATORS = r"[;\t\r\n]"
# Unicode's default ignorable code points that are not format characters, unassigned ones included, and two blanks.
_INVISIBLE = (
    r"\x{34f}\x{115f}\x{1160}\x{17b4}\x{17b5}\x{180b}-\x{180f}\x{2065}\x{2800}\x{3164}\x{fe00}-\x{fe0f}\x{ffa0}"
    r"\x{fff0}-\x{fff8}\x{e0000}-\x{e0fff}"
)
# Blanks, controls, invisible characters and quotes, which spreadsheets remove before they check for a sign.
_SKIPPED = rf"""[\x00-\x08\x0b\x0c\x0e-\x20\x7f-\x{{a0}}\p{{Z}}\p{{Cf}}{_INVISIBLE}"]*"""
_FORMULA = rf"'*{_SKIPPED}{_SIGNS}"
_FIRST = rf"^(?:{_FORMULA}|'*[\t\r\n])(?s:.)"
_NUMBER = r"^[+\-−]?(?:\d+[.,]?\d*|[.,]\d+)(?:[eE][+\-−]?\d+)?%?$"
_MARKS = tuple(mark.encode() for mark in f"=+-@\t\r\n{_HOMOGLYPHS}")


def may_need_protection(text: bytes) -> bool:
    """False if UTF-8 text certainly needs no protection; a much cheaper test than `protect`."""
    return any(mark in text for mark in _MARKS)


def protect(cells: Array) -> Array:
    r"""Prefix every formula in text cells with an apostrophe; spreadsheets then display it instead of running it.

    A formula is text that begins with ``=``, ``+``, ``-`` or ``@``, also full-width, small, raised or lowered, or with
    the minus sign U+2212, after any number of apostrophes, blanks, control characters, invisible characters (no-break
    and zero-width spaces, fillers, a byte-order mark) and double quotes. It may begin

    1. the cell, unless the cell is a number such as ``-5`` or a sign alone;
    2. a part of the cell after ``;``, TAB, CR or LF, where a spreadsheet of another locale begins a new cell.

    A cell that begins with TAB, CR or LF is protected as well (OWASP, CSV Injection). `restore` is the exact inverse.

    Args:
        cells: String array, may contain nulls.

    Example:
        >>> protect(strings(["=1+1", "-5", "x;=1+1"])).to_pylist()
        ["'=1+1", '-5', "x;'=1+1"]
    """
    parts: Array = pc.replace_substring_regex(cells, rf"({_SEPARATORS})({_FORMULA})", r"\1'\2")
    protected: Array = pc.if_else(_begins_formula(cells), pc.binary_join_element_wise("'", parts, ""), parts)
    return protected


def restore(cells: Array) -> Array:
    """Remove the apostrophes added by `protect`; other cells are unchanged.

    Example:
        >>> restore(strings(["'=1+1", "'tis", "x;'=1+1"])).to_pylist()
        ['=1+1', "'tis", 'x;=1+1']
    """
    rest = pc.if_else(pc.starts_with(cells, "'"), pc.utf8_slice_codeunits(cells, 1), "")
    whole = pc.if_else(_begins_formula(rest), rest, cells)
    restored: Array = pc.replace_substring_regex(whole, rf"({_SEPARATORS})'({_FORMULA})", r"\1\2")
    return restored


def protect_text(text: str) -> str:
    """`protect` for one text, such as a name in a table to download."""
    return str(protect(strings([text]))[0].as_py())


def _begins_formula(cells: Array) -> Array:
    matches: Array = pc.and_not(pc.match_substring_regex(cells, _FIRST), pc.match_substring_regex(cells, _NUMBER))
    return matches
