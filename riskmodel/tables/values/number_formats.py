"""Detection of a column's number format from all of its cells."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.errors import DataError
from riskmodel.tables.arrow import Array, as_numpy, pc
from riskmodel.tables.values.currencies import count_currencies
from riskmodel.tables.values.multipliers import MULTIPLIERS, multiplier_pattern
from riskmodel.tables.values.numbers import (
    LEDGER,
    PERCENT,
    SCALES,
    NumberFormat,
    clean_numbers,
    count_numbers,
    parse_numbers,
)
from riskmodel.tables.values.units import UNCLEAR, find_units

MARKS = ((".", ""), (".", ","), (",", ""), (",", "."), (",", " "), (".", " "), (".", "'"), (",", "'"))
"""Pairs of decimal and thousands separators, the simplest first."""

_SELDOM = (" ", "'")
"""Thousands separators that are only tried if some text has them."""

_LAKHS = r"\d,\d{2},\d{3}(?:\D|$)"
_CRORE = "crore"
_CREDIT = r"(?i)\bcr\b|\dcr\b"
_DEBIT = r"(?i)\bdr\b|\ddr\b"
_RUPEES = r"(?i)₹|\b(?:rs|inr|lakhs?|lacs?|l|crores?)\b|\d(?:lakhs?|lacs?|l|crores?)\b"
_LETTERED = r"\d ?[^\x00-@\[-`{-~]"
_MEANING = re.compile(r"([MB]):(10+)(?!\d)")
_SMALL = r"^\D*\d{1,3}(?:[.,]\d{1,2})?\D*$"
_SAMPLE_SIZE = 5000
_TRIED_FIRST = 50
_SHOWN_FROM = 20_000
_NEARLY = 0.9
_ENOUGH = 10
_MARKED_ALIKE = r"^[+-]?(?:[1-9]\d{0,2}\.\d{3}|\d{1,3})$"


@dataclass(frozen=True)
class FoundFormat:
    """The detected number format.

    Attributes:
        number_format: The likeliest format; None means plain.
        other: A format in which the same texts are other numbers; None if there is no doubt.
        example: A text of the column that illustrates the format, or the doubt.
    """

    number_format: NumberFormat | None
    other: NumberFormat | None
    example: str


def find_number_format(texts: Array, meanings: Mapping[str, str] | None = None) -> FoundFormat | None:
    """The format in which most of the texts are numbers, the simplest of several; None without any.

    If one mark precedes exactly three digits in every text, it is a thousands or a decimal separator. It is a
    decimal separator in percentages, next to four digits in a row (which thousands separators would group), and, if it
    is a point, unless the numbers are amounts, or many of which some have no mark.

    Cr is credit with Dr; crore with rupees, lakhs, crore in full or Indian grouping; ambiguous without any of them.

    Args:
        texts: (n,) string without missing cells; distinct values suffice.
        meanings: As for `find_units`.

    Example:
        >>> import pyarrow as pa
        >>> find_number_format(pa.array(["1.234,50", "7,25"])).number_format.example
        '1.234,50'
    """
    cleaned = clean_numbers(texts)
    candidates = _promising(cleaned, meanings)
    if not candidates:
        return None
    equal = candidates
    if len(candidates) > 1:
        counts = [count_numbers(cleaned, candidate) for candidate in candidates]
        equal = [candidate for candidate, count in zip(candidates, counts, strict=True) if count == max(counts)]
    chosen, other = _choose(cleaned, [_without_idle_signs(cleaned, candidate) for candidate in equal])
    if other is None and chosen.affix in (_CRORE, LEDGER) and _is_credit_or_crore(cleaned):
        other = chosen.model_copy(update={"affix": _CRORE if chosen.affix == LEDGER else LEDGER})
    return FoundFormat(chosen, other, _find_example(texts, cleaned, chosen, other))


def format_of_example(text: str) -> NumberFormat:
    """The format of one example number, or of several separated by "or"; ``5 M:1000`` defines the meaning of M.

    Raises:
        DataError: The text is not a number of a known format, or of two formats.

    Example:
        >>> format_of_example("1.234,50 EUR").decimal_mark
        ','
    """
    meanings = {match[1]: match[0] for match in _MEANING.finditer(text) if match[0] in MULTIPLIERS}
    written = _MEANING.sub(r"\1", text).split(" or ")
    examples = pa.array(written)
    detected = find_number_format(examples, meanings)
    if detected is None or parse_numbers(examples, detected.number_format or NumberFormat())[1].any():
        unclear = find_units(written, meanings).unclear
        if unclear:
            sign = unclear[0]
            raise DataError(
                f"{sign} in {text!r} can mean {UNCLEAR[sign][0]}. Write '5k', '5 million' or '5 bn', or for an M in "
                "the column '5 M:1000' or '5 M:1000000'."
            )
        raise DataError(
            f"{text!r} is not a number of a known format. Write 1234.50 as the column does: '1.234,50 EUR'."
        )
    if detected.other is not None:
        if detected.other.affix in (_CRORE, LEDGER) and _match(clean_numbers(pa.array([text])), _CREDIT):
            raise DataError(f"{text!r} could mean credit or crore. Write '1234.50 Dr' or '12.50 crore'.")
        raise DataError(f"{text!r} could mean two numbers. Write 1234.50 as the column does: with its decimals.")
    return detected.number_format or NumberFormat()


def could_be_numbers(texts: Array) -> bool:
    """True if any of the texts, (n,) string, is a number in a known format, so that `find_number_format` finds one."""
    cleaned = clean_numbers(texts)
    sample = _take_sample(cleaned)
    return any(count_numbers(sample, candidate) for candidate in _conceivable(cleaned, sample))


def find_doubt(texts: Array) -> FoundFormat | None:
    """For plain numbers whose point could be a thousands separator: the likelier format; None if there is no doubt.

    Example:
        >>> import pyarrow as pa
        >>> find_doubt(pa.array(["1.234", "56.789"])).other.example, find_doubt(pa.array(["1.234", "0.5"]))
        ('1.234,50', None)
    """
    pointed = pc.match_substring(texts, ".")
    alike = pc.all(pc.match_substring_regex(texts, _MARKED_ALIKE), min_count=0).as_py()
    if not alike or not pc.any(pointed, min_count=0).as_py():
        return None
    grouped = NumberFormat(decimal_mark=",", thousands_mark=".")
    chosen, other = (grouped, NumberFormat()) if _parts_thousands(texts, grouped) else (None, grouped)
    return FoundFormat(chosen, other, texts.filter(pointed)[0].as_py())


def _promising(cleaned: Array, meanings: Mapping[str, str] | None) -> list[NumberFormat]:
    """Formats that parse nearly as many texts of a sample as the best one, the simplest first."""
    sample = _take_sample(cleaned)
    formats = _conceivable(cleaned, sample, meanings)
    counts = [count_numbers(sample, number_format) for number_format in formats]
    # Formats that differ only in cells outside the sample must be kept.
    return [
        candidate for candidate, count in zip(formats, counts, strict=True) if count and count >= _NEARLY * max(counts)
    ]


def _take_sample(cleaned: Array) -> Array:
    if len(cleaned) <= _SAMPLE_SIZE:
        return cleaned
    return cleaned.take(np.linspace(0, len(cleaned) - 1, _SAMPLE_SIZE).astype(np.int64))


def _conceivable(cleaned: Array, sample: Array, meanings: Mapping[str, str] | None = None) -> list[NumberFormat]:
    """Formats whose signs occur in the texts, the simplest first; with the most frequent currency or percent sign."""
    signs = {
        "parentheses": _have(cleaned, "("),
        "trailing_minus": _have(cleaned, "-") and _match(cleaned, r"\d-(?:\D|$)|\S-$"),
    }
    absent = [mark for mark in _SELDOM if not _have(cleaned, mark)]
    formats = [
        NumberFormat.model_validate({"decimal_mark": decimal, "thousands_mark": thousands, **unit, **signs})
        for unit in _find_affixes(cleaned, sample, meanings)
        for decimal, thousands in MARKS
        if thousands not in absent
    ]
    if not _match(cleaned, _LAKHS):
        return formats
    pairs = [
        number_format
        for number_format in formats
        if (number_format.decimal_mark, number_format.thousands_mark) == (".", ",")
    ]
    return [*formats, *(number_format.model_copy(update={"grouping": "lakhs"}) for number_format in pairs)]


def _have(texts: Array, mark: str) -> bool:
    return bool(pc.any(pc.match_substring(texts, mark), min_count=0).as_py())


def _match(texts: Array, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(texts, pattern), min_count=0).as_py())


def _find_affixes(cleaned: Array, sample: Array, meanings: Mapping[str, str] | None) -> list[dict[str, Any]]:
    """Possible affixes of the numbers, the simplest first, as fields of a format."""
    affixes: list[dict[str, Any]] = [{"affix": affix} for affix in dict.fromkeys(("", _find_affix(cleaned, sample)))]
    if not _match(sample, _LETTERED):
        return affixes
    units = find_units(map(str, sample.to_pylist()), meanings)
    return affixes + [{"affix": units.currency, "multipliers": units.multipliers}] * bool(units.multipliers)


def _find_affix(cleaned: Array, sample: Array) -> str:
    """The currency, percent sign or scale next to most amounts; empty if there is none."""
    counted = count_currencies((str(text) for text in sample.to_pylist()), SCALES)
    affix = next((SCALES.get(affix, affix) for affix, _ in counted.most_common(1)), "")
    if affix != _CRORE or not _match(cleaned, _CREDIT):
        return affix
    is_large = not pc.all(pc.match_substring_regex(sample, _SMALL)).as_py()
    return LEDGER if _match(cleaned, _DEBIT) or (is_large and _is_credit_or_crore(cleaned)) else affix


def _is_credit_or_crore(cleaned: Array) -> bool:
    """True if nothing in a column decides which of the two its Cr means."""
    return _match(cleaned, _CREDIT) and not any(_match(cleaned, pattern) for pattern in (_DEBIT, _RUPEES, _LAKHS))


def _without_idle_signs(texts: Array, number_format: NumberFormat) -> NumberFormat:
    """The format without the notations of negative numbers that do not occur in the texts."""
    for sign in ("parentheses", "trailing_minus"):
        if getattr(number_format, sign):
            simpler = number_format.model_copy(update={sign: False})
            if count_numbers(texts, simpler) == count_numbers(texts, number_format):
                number_format = simpler
    return number_format


def _choose(texts: Array, equal: Sequence[NumberFormat]) -> tuple[NumberFormat, NumberFormat | None]:
    """The likeliest of formats that parse the same texts, and one in which these are other numbers."""
    first = equal[0]
    if len(equal) == 1:
        return first, None
    numbers = parse_numbers(texts, first, exact=False)[0]
    others = [other for other in equal[1:] if not parse_numbers(texts, other, exact=False)[0].equals(numbers)]
    if not others:
        return first, None
    other = others[0]
    grouped = first if first.thousands_mark == other.decimal_mark else other
    single = other if grouped is first else first
    return (grouped, single) if _parts_thousands(texts, grouped) else (single, grouped)


def _parts_thousands(texts: Array, grouped: NumberFormat) -> bool:
    """True if a mark before three digits, in ambiguous texts, is more likely a thousands separator."""
    if grouped.affix == PERCENT or _have_multiplied_groups(texts, grouped) or _match(texts, r"\d{4}"):
        return False
    if grouped.thousands_mark == "," or grouped.affix:
        return True
    num_marked = int(as_numpy(pc.match_substring(texts, grouped.thousands_mark)).sum())
    return _ENOUGH <= num_marked < len(texts)


def _have_multiplied_groups(texts: Array, grouped: NumberFormat) -> bool:
    """True if a number with the thousands separator has a multiplier: 1.234 million is more likely a fraction."""
    if not grouped.multipliers:
        return False
    marked = texts.filter(pc.match_substring(texts, grouped.thousands_mark))
    return count_numbers(marked, grouped.model_copy(update={"multipliers": ()})) < len(marked)


def _find_example(texts: Array, cleaned: Array, number_format: NumberFormat, other: NumberFormat | None) -> str:
    """The first number that illustrates the most features of the format; in doubt, one that is a number in both."""
    marks = [number_format.thousands_mark, number_format.affix, number_format.decimal_mark]
    shown = np.arange(min(len(cleaned), _SHOWN_FROM))
    if other is not None:
        marks = [number_format.thousands_mark or number_format.decimal_mark]
        shown = shown[~parse_numbers(cleaned.take(shown), other, exact=False)[1]]
    patterns = [_LAKHS] * (number_format.grouping == "lakhs")
    if other is None:
        patterns += [rf"\d ?{multiplier_pattern(name, in_rupees=True)}" for name in number_format.multipliers if name]
    patterns += [f"(?i){re.escape(mark)}" for mark in marks if mark]
    for pattern in (*patterns, "[1-9]"):
        having = as_numpy(pc.match_substring_regex(cleaned.take(shown), pattern))
        shown = shown[having] if _first_number(cleaned, shown[having], number_format) is not None else shown
    first = _first_number(cleaned, shown, number_format)
    example: str = texts[0 if first is None else first].as_py()
    return example.strip()


def _first_number(cleaned: Array, rows: npt.NDArray[np.int64], number_format: NumberFormat) -> int | None:
    """The first number among a limited number of rows."""
    for some in (rows[:_TRIED_FIRST], rows[_TRIED_FIRST:_SAMPLE_SIZE]):
        numbers = some[~parse_numbers(cleaned.take(some), number_format, exact=False)[1]]
        if len(numbers):
            return int(numbers[0])
    return None
