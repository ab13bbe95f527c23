"""Columns that are numbers or dates for a reader, in a form that is not read: which form, and what to do."""

from collections import Counter

from riskmodel.tables.arrow import Array, as_numpy, pc, strings
from riskmodel.tables.currencies import residue_of
from riskmodel.tables.evidence import ColumnTexts, list_texts, show_text
from riskmodel.tables.month_names import MONTHS, fold_names
from riskmodel.tables.odd_cells import MOSTLY
from riskmodel.tables.units import UNCLEAR, find_units

_LOOKED_AT = 2000
_MAX_FORMS = 5
_DIGITS = r"\d"
_BETWEEN_WORDS = r"[\d\s.,/'-]+"
_MONTHS = strings([name for names in MONTHS.values() for name in names])


def describe_unclear_unit(name: str, texts: ColumnTexts) -> str:
    """For amounts whose unit means different things, such as ``5M``: which, and how to choose; else empty.

    Args:
        name: The column's name.
        texts: Its cells.
    """
    sample = texts.sample.slice(0, _LOOKED_AT)
    units = find_units(map(str, sample.to_pylist()))
    if not units.unclear or units.share < MOSTLY:
        return ""
    sign = units.unclear[0]
    first = next(str(text) for text in sample.to_pylist() if sign in str(text))
    example = f"{units.currency if units.currency in ('$', '£', '€', '₹') else ''}5 M"
    return (
        f"{sign} can mean {UNCLEAR[sign]} (first: {_place(texts, first)}): if these are amounts, choose the number "
        f"format (--number-format '{name}={example}=1000' or '{name}={example}=1000000'); if not, write plain numbers "
        "or mark the column as categorical"
    )


def describe_unread_form(texts: ColumnTexts) -> str:
    """For texts of which nearly all have digits and the same few words: which, and what to do; else empty."""
    sample = texts.sample.slice(0, _LOOKED_AT)
    with_digits = sample.filter(pc.match_substring_regex(sample, _DIGITS))
    if len(sample) == 0 or len(with_digits) < MOSTLY * len(sample):
        return ""
    first = " and ".join(_place(texts, str(text)) for text in with_digits.slice(0, 2).to_pylist())
    if _name_months(with_digits) >= MOSTLY * len(sample):
        return f"dates in a form that is not supported (first: {first}): write them as 2023-01-15"
    forms = Counter(residue_of(str(text)) for text in with_digits.to_pylist()).most_common(_MAX_FORMS)
    if sum(count for _, count in forms) < MOSTLY * len(sample):
        return ""
    words = list_texts((form for form, _ in forms if form), "or")
    beside = f"digits with {words}" if words else "digits and marks"
    return (
        f"{beside} in a form that is not supported (first: {first}): if these are numbers or dates, write them as "
        "1234.50 or 2023-01-15; if not, mark the column as categorical"
    )


def _name_months(texts: Array) -> int:
    """How many texts have the name of a month."""
    words = pc.split_pattern_regex(fold_names(texts), _BETWEEN_WORDS)
    rows = pc.list_parent_indices(words)
    named = pc.is_in(pc.list_flatten(words), value_set=_MONTHS)
    return len(pc.unique(rows.filter(named)))


def _place(texts: ColumnTexts, text: str) -> str:
    row = int(as_numpy(pc.equal(pc.utf8_trim_whitespace(texts.cells), text)).argmax()) + 1
    return f"{show_text(text)} in row {row:,}"
