"""Detection of numbers and dates in unsupported formats: the format and the remedy."""

import re
from collections import Counter
from dataclasses import dataclass

from riskmodel.tables.arrow import Array, as_numpy, pc, strings
from riskmodel.tables.evidence.evidence import ColumnTexts, list_texts, show_text
from riskmodel.tables.evidence.odd_cells import MOSTLY
from riskmodel.tables.values.currencies import residue_of
from riskmodel.tables.values.month_names import MONTHS, fold_names
from riskmodel.tables.values.units import UNCLEAR, find_units

_SAMPLE_SIZE = 2000
_MAX_FORMS = 5
_LONGEST = 40
"""Longest text that can be a number; longer ones are free text."""
_DIGITS = r"\d"
_LETTER = re.compile("[A-Za-z]")
_BETWEEN_WORDS = r"[\d\s.,/'-]+"
_LABEL = r"^\pL[\pL_-]*\d[\pL\d_-]*$"
_ZERO_LABEL = r"^\pL[\pL_-]*0\d"
_SPACED_LABEL = r"^\pL+ \d+$"
_NAMED_LABEL = r"^\p{Lu}\pL{3,} \d+$"
"""A name; abbreviations of currencies and units have at most three letters, and other words are in lower case."""
_MONTHS = strings([name for names in MONTHS.values() for name in names])


@dataclass(frozen=True)
class UnclearUnit:
    """Amounts with an ambiguous unit, such as ``5M``.

    Attributes:
        currency: The adjacent currency; empty where there is none.
        reason: The possible meanings of the unit, and how to choose one.
    """

    currency: str
    reason: str


def find_unclear_unit(name: str, texts: ColumnTexts) -> UnclearUnit | None:
    """The ambiguous unit of a column of amounts; None without one, and for codes with leading zeros, such as ``B0017``.

    Args:
        name: The column's name.
        texts: Its cells.
    """
    sample = texts.sample.slice(0, _SAMPLE_SIZE)
    if pc.any(pc.match_substring_regex(sample, _ZERO_LABEL), min_count=0).as_py():
        return None
    units = find_units(map(str, sample.to_pylist()))
    if not units.unclear or units.share < MOSTLY:
        return None
    sign = units.unclear[0]
    meanings, suffixes = UNCLEAR[sign]
    first = next(str(text) for text in sample.to_pylist() if sign in str(text))
    sign_before = units.currency if units.currency in ("$", "£", "€", "₹") else ""
    options = " or ".join(f"{sign_before}5 {suffix}" for suffix in suffixes)
    choose = f"if these are amounts, choose the number format {options}; if not, " if options else ""
    return UnclearUnit(
        units.currency,
        f"{sign} can mean {meanings} (first: {_place(texts, first)}): {choose}write plain numbers or mark the column "
        "as categorical",
    )


def describe_unread_form(texts: ColumnTexts, may_be_codes: bool = False) -> str:
    """For texts that nearly all have digits and the same few words: the format and the remedy; else empty.

    Args:
        texts: The column's cells.
        may_be_codes: Whether texts with words of letters, as in AB-123, or without words count as codes.
    """
    sample = texts.sample.slice(0, _SAMPLE_SIZE)
    short = pc.less_equal(pc.utf8_length(sample), _LONGEST)
    with_digits = sample.filter(pc.and_(short, pc.match_substring_regex(sample, _DIGITS)))
    if len(sample) == 0 or len(with_digits) < MOSTLY * len(sample):
        return ""
    first = " and ".join(_place(texts, str(text)) for text in with_digits.slice(0, 2).to_pylist())
    if _name_months(with_digits) >= MOSTLY * len(sample):
        return f"dates in a form that is not supported (first: {first}): write them as 2023-01-15"
    forms = Counter(residue_of(str(text)) for text in with_digits.to_pylist()).most_common(_MAX_FORMS)
    if sum(count for _, count in forms) < MOSTLY * len(sample):
        return ""
    if may_be_codes and any(not form or _LETTER.search(form) for form, _ in forms):
        return ""
    words = list_texts((form for form, _ in forms if form), "or")
    form = f"digits with {words}" if words else "digits and marks"
    return (
        f"{form} in a form that is not supported (first: {first}): if these are numbers or dates, write them as "
        "1234.50 or 2023-01-15; if not, mark the column as categorical"
    )


def are_labels(texts: ColumnTexts) -> bool:
    """True for labels with numbers, such as ``B0017``, ``branch-17`` or ``City 12``.

    A number in an unsupported form begins with its digits, or has a space after a word, such as ``Rs 1200``; unless the
    word is capitalized and has four letters or more, all texts must be of one length: ``AG 0017``.
    """
    sample = texts.sample.slice(0, _SAMPLE_SIZE)
    labels = int(pc.sum(pc.match_substring_regex(sample, _LABEL)).as_py() or 0)
    spaced = sample.filter(pc.match_substring_regex(sample, _SPACED_LABEL))
    are_named = pc.all(pc.match_substring_regex(spaced, _NAMED_LABEL), min_count=0).as_py()
    if are_named or len(pc.unique(pc.utf8_length(spaced))) == 1:
        labels += len(spaced)
    return labels >= MOSTLY * len(sample)


def _name_months(texts: Array) -> int:
    """Number of texts with the name of a month."""
    words = pc.split_pattern_regex(fold_names(texts), _BETWEEN_WORDS)
    rows = pc.list_parent_indices(words)
    named = pc.is_in(pc.list_flatten(words), value_set=_MONTHS)
    return len(pc.unique(rows.filter(named)))


def _place(texts: ColumnTexts, text: str) -> str:
    row = int(as_numpy(pc.equal(pc.utf8_trim_whitespace(texts.cells), text)).argmax()) + 1
    return f"{show_text(text)} in row {row:,}"
