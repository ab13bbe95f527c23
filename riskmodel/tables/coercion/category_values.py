"""Canonical texts of categories: cells that differ only in spelling are one category.

A cell's canonical text identifies its category everywhere: in training, scoring, checks, comparisons and on display.
The comparison is determined once, from all cells of a column, and stored in the schema (`Column.values`):

- ``text``: spaces around a cell do not count, nor does the kind of a space within it (no-break, narrow, ideographic),
  nor the Unicode form of its letters (NFC or NFD), nor an apostrophe that protects a formula (`formulas.protect`). A
  whole number is written without decimals (``1.0`` is ``1``), ``TRUE`` and ``False`` in lower case.
- ``number``: all cells are numbers, and equal numbers are equal categories: ``1``, ``1.0``, ``01`` and ``1e0``.
- ``boolean``: all cells are words for true and false; ``1`` and ``0`` are the same as these.
- ``binary``: all cells are the numbers 0 and 1; words for true and false are the same as these.

Codes stay text: numbers of one width of which some begin with a zero (``01067``), and numbers of which one value
has two frequent spellings (``1`` and ``01``).
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.arrow import Array, as_numpy, pc, strings
from riskmodel.tables.schema.schema import CategoryValues
from riskmodel.tables.values.formulas import restore
from riskmodel.tables.values.numbers import NUMBER_PATTERN
from riskmodel.wording import count, first_few

CODE_SHARE = 0.05
"""Two spellings of one number are two codes if the rarer has at least this share of their rows."""

_TRUE, _FALSE = "true", "false"
_TRUE_WORDS = {_TRUE, "wahr", "vrai", "verdadero", "vero", "verdadeiro"}
_FALSE_WORDS = {_FALSE, "falsch", "faux", "falso"}
_BOOLEANS = {
    **dict.fromkeys({*_TRUE_WORDS, "t", "1"}, _TRUE),
    **dict.fromkeys({*_FALSE_WORDS, "f", "0"}, _FALSE),
}
_APOSTROPHES = r"(^|[;\t\r\n])'+"
_WHOLE_WITH_DECIMALS = r"^([+-]?\d+)\.0+$"
_EXPONENT = r"^[+-]?[\d.]*\d\.?[eE][+-]?0*\d{1,2}$"
_PLAIN_NUMBER = r"^(?:0|-?[1-9]\d*)$"
_INVISIBLE = "[\u200b\u2060\ufeff]+"
_NUM_EXAMPLES = 3


def to_canonical(texts: Array, values: CategoryValues | None) -> Array:
    """The canonical text of each cell.

    Args:
        texts: (m,) string, as in a file; nulls stay null.
        values: The comparison of the column's cells; None leaves them unchanged.

    Returns:
        (m,) string; the same array where nothing changes.

    Example:
        >>> to_canonical(pa.array(["1.0", " 01", "1e0", "other"]), "number").to_pylist()
        ['1', '1', '1', 'other']
        >>> to_canonical(pa.array(["TRUE", "1", "Falsch"]), "boolean").to_pylist()
        ['true', 'true', 'false']
    """
    if values is None:
        return texts
    plain = _normalize(texts)
    if values == "text":
        return _lower_booleans(_drop_decimals(plain))
    if values == "number":
        return _shorten_numbers(plain)
    booleans = _map_booleans(_shorten_numbers(plain))
    if values == "boolean":
        return booleans
    digits = pc.if_else(pc.equal(booleans, _TRUE), "1", pc.if_else(pc.equal(booleans, _FALSE), "0", booleans))
    binary: Array = digits
    return binary


def find_values(texts: Array, counts: npt.NDArray[np.int64] | None = None) -> CategoryValues:
    """The comparison for the cells of a categorical column, determined from all of them.

    Args:
        texts: (m,) string, the different cells without missing ones.
        counts: (m,) int, rows of each; without them, any number in two spellings is two codes.

    Example:
        >>> find_values(pa.array(["1", "2.0"])), find_values(pa.array(["01", "02"])), find_values(pa.array(["A", "1"]))
        ('number', 'text', 'text')
    """
    plain = _normalize(texts)
    distinct = pc.unique(plain)
    if len(distinct) == 0:
        return "text"
    if pc.all(pc.match_substring_regex(distinct, NUMBER_PATTERN)).as_py():
        if _are_codes(plain, counts):
            return "text"
        return "binary" if set(pc.unique(_shorten_numbers(distinct)).to_pylist()) == {"0", "1"} else "number"
    if len(distinct) > 2 * len(_BOOLEANS):  # each in lower and upper case, approximately
        return "text"
    words = set(pc.unique(pc.utf8_lower(_drop_decimals(distinct))).to_pylist())
    named = words & (_TRUE_WORDS | _FALSE_WORDS)
    return "boolean" if words == {"t", "f"} or (named and words <= _BOOLEANS.keys()) else "text"


def describe_merged(texts: Array, canonical: Array) -> str:
    """Merged spellings, such as ``2 spellings count as the values they equal: '1.0' as '1', ' A' as 'A'``; or empty.

    Args:
        texts: (m,) string, different cells.
        canonical: (m,) string, the canonical text of each; null where missing.
    """
    if canonical.equals(texts):
        return ""
    counted = pc.value_counts(canonical.drop_null())
    several = counted.field("values").filter(pc.greater(counted.field("counts"), 1))
    merged = pc.and_(pc.is_in(canonical, value_set=several), pc.not_equal(texts, canonical))
    chosen: npt.NDArray[np.int64] = np.flatnonzero(as_numpy(pc.fill_null(merged, False)))
    if not len(chosen):
        return ""
    first: Array = pa.array(chosen[: _NUM_EXAMPLES + 1])
    pairs = zip(texts.take(first).to_pylist(), canonical.take(first).to_pylist(), strict=True)
    examples = first_few([f"{raw!r} as {value!r}" for raw, value in pairs], _NUM_EXAMPLES)
    spellings = ("spelling counts as the value it equals", "spellings count as the values they equal")
    return f"{count(len(chosen), *spellings)}: {examples}"


def normalize_spaces(texts: Array) -> Array:
    """Texts without spaces around them; no-break and other spaces become plain ones, invisible ones are removed."""
    if not pc.all(pc.string_is_ascii(texts), min_count=0).as_py():
        texts = pc.replace_substring_regex(texts, _INVISIBLE, "")
        texts = pc.replace_substring_regex(texts, r"\p{Z}", " ")
    trimmed: Array = pc.utf8_trim_whitespace(texts)
    return trimmed


def _normalize(texts: Array) -> Array:
    """Texts with plain spaces, without the apostrophe that protects a formula, in Unicode's NFC form."""
    plain = _unprotect(pc.utf8_trim_whitespace(texts))
    if not pc.all(pc.string_is_ascii(plain), min_count=0).as_py():
        # The apostrophe may precede or follow an invisible character.
        plain = pc.utf8_normalize(_unprotect(normalize_spaces(plain)), form="NFC")
    return plain


def _unprotect(texts: Array) -> Array:
    """Several apostrophes in a row count as one, so that a text and its protected form are the same category."""
    if not pc.any(pc.match_substring(texts, "'"), min_count=0).as_py():
        return texts
    plain: Array = pc.utf8_trim_whitespace(restore(pc.replace_substring_regex(texts, _APOSTROPHES, r"\1'")))
    return plain


def _drop_decimals(texts: Array) -> Array:
    if not pc.any(pc.match_substring_regex(texts, _WHOLE_WITH_DECIMALS), min_count=0).as_py():
        return texts
    whole: Array = pc.replace_substring_regex(texts, _WHOLE_WITH_DECIMALS, r"\1")
    return whole


def _lower_booleans(texts: Array) -> Array:
    lower = pc.utf8_lower(texts)
    booleans = pc.is_in(lower, value_set=strings([_TRUE, _FALSE]))
    lowered: Array = pc.if_else(booleans, lower, texts)
    return lowered


def _map_booleans(texts: Array) -> Array:
    """Words and digits for true and false as ``true`` and ``false``; other texts as they are."""
    places = pc.index_in(pc.utf8_lower(texts), value_set=strings(_BOOLEANS))
    mapped: Array = pc.coalesce(strings(_BOOLEANS.values()).take(places), texts)
    return mapped


def _shorten_numbers(texts: Array) -> Array:
    """Numbers in their shortest decimal form, digit for digit; other texts as they are."""
    if pc.all(pc.match_substring_regex(texts, _PLAIN_NUMBER), min_count=0).as_py():
        return texts
    numbers = pc.match_substring_regex(texts, NUMBER_PATTERN)
    short = _expand_exponents(texts)
    for pattern, replacement in (
        (r"^\+", ""),
        (r"^(-?)0+(\d)", r"\1\2"),
        (r"^(-?)\.", r"\10."),
        (r"(\.\d*?)0+$", r"\1"),
        (r"\.$", ""),
        (r"^-0$", "0"),
    ):
        short = pc.replace_substring_regex(short, pattern, replacement)
    shortened: Array = pc.if_else(numbers, short, texts)
    return shortened


def _expand_exponents(texts: Array) -> Array:
    """``1e+05`` as ``100000``, unless the result has hundreds of digits."""
    short = pc.match_substring_regex(texts, _EXPONENT)
    places = np.flatnonzero(as_numpy(pc.fill_null(short, False)))
    if not len(places):
        return texts
    expanded = np.array(texts.to_pylist(), dtype=object)
    for place in places:
        expanded[place] = format(Decimal(expanded[place]), "f")
    return strings(expanded)


def _are_codes(texts: Array, counts: npt.NDArray[np.int64] | None) -> bool:
    """True if numbers are codes of which every character counts."""
    lengths = pc.min_max(pc.utf8_length(texts)).as_py()
    digits = bool(pc.all(pc.match_substring_regex(texts, r"^\d+$")).as_py())
    if digits and lengths["min"] == lengths["max"] > 1 and pc.any(pc.starts_with(texts, "0")).as_py():
        return True
    values = _shorten_numbers(texts)
    # A sign, zero decimals and an exponent do not make a different code.
    spellings = pc.replace_substring_regex(_drop_decimals(_expand_exponents(texts)), r"^\+", "")
    weights = np.ones(len(texts), np.int64) if counts is None else counts
    rows = pa.table({"value": values, "spelling": spellings, "rows": pa.array(weights)})
    by_spelling = rows.group_by(["value", "spelling"]).aggregate([("rows", "sum")])
    if by_spelling.num_rows == len(pc.unique(values)):
        return False
    by_value = by_spelling.group_by("value").aggregate([("rows_sum", "sum"), ("rows_sum", "max")])
    total, largest = (as_numpy(by_value[f"rows_sum_{what}"]) for what in ("sum", "max"))
    several = total > largest
    return bool((total - largest)[several].sum() >= CODE_SHARE * total[several].sum())
