"""Which format the numbers of a column are written in, told from all of its cells."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.tables.arrow import Array, as_numpy, pc
from riskmodel.tables.numbers import (
    AFFIXES,
    CURRENCY_WORDS,
    PERCENT,
    NumberFormat,
    parse_numbers,
    replace_look_alikes,
)

MARKS = ((".", ""), (".", ","), (",", ""), (",", "."), (",", " "), (".", " "), (".", "'"), (",", "'"))
"""Pairs of decimal and thousands marks, the simplest first."""

_SELDOM = (" ", "'")
"""Thousands marks that are not worth a try where no text has them."""

_LOOKED_AT = 5000
_SHOWN_FROM = 20_000
_NEARLY = 0.9
_ENOUGH = 10
_MARKED_ALIKE = r"^[+-]?(?:[1-9]\d{0,2}\.\d{3}|\d{1,3})$"


@dataclass(frozen=True)
class FoundFormat:
    """How numbers seem to be written.

    Attributes:
        number_format: The likelier format; None means plainly.
        other: A format in which the same texts are other numbers; None where there is no doubt.
        example: A text of the column that shows the format, or the doubt.
    """

    number_format: NumberFormat | None
    other: NumberFormat | None
    example: str


def find_number_format(texts: Array) -> FoundFormat | None:
    """The format in which most of the texts are numbers, and the simplest of several; None when none of them is one.

    Where one mark stands before exactly three digits in every text, it parts thousands or begins a fraction. It is
    taken for a decimal mark in percentages, beside four digits in a row (which a thousands mark would part), and, being
    a point, unless the numbers are money or many and some of them have no mark.

    Args:
        texts: (n,) string without missing cells; distinct values suffice.

    Example:
        >>> import pyarrow as pa
        >>> find_number_format(pa.array(["1.234,50", "7,25"])).number_format.example
        '1.234,50'
    """
    cleaned = _clean(texts)
    candidates = _promising(cleaned)
    if not candidates:
        return None
    equal = candidates
    if len(candidates) > 1:
        counts = [_count_numbers(cleaned, each) for each in candidates]
        equal = [each for each, count in zip(candidates, counts, strict=True) if count == max(counts)]
    chosen, other = _choose(cleaned, [_without_idle_signs(cleaned, each) for each in equal])
    return FoundFormat(chosen, other, _find_example(texts, cleaned, chosen, doubtful=other is not None))


def could_be_numbers(texts: Array) -> bool:
    """Whether any of the texts, (n,) string, is a number in a known format: `find_number_format` then finds one."""
    return bool(_promising(_clean(texts)))


def find_doubt(texts: Array) -> FoundFormat | None:
    """For plain numbers that could have a point between thousands: the likelier reading; None where there is no doubt.

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


def _clean(texts: Array) -> Array:
    cleaned: Array = pc.utf8_trim_whitespace(replace_look_alikes(texts))
    return cleaned


def _promising(cleaned: Array) -> list[NumberFormat]:
    """Formats that read nearly as many texts of a sample as the best one does, the simplest first."""
    if len(cleaned) == 0:
        return []
    sample = cleaned
    if len(cleaned) > _LOOKED_AT:
        sample = cleaned.take(np.linspace(0, len(cleaned) - 1, _LOOKED_AT).astype(np.int64))
    signs = {
        "parentheses": bool(pc.any(pc.match_substring(cleaned, "("), min_count=0).as_py()),
        "trailing_minus": bool(pc.any(pc.match_substring_regex(cleaned, r"\d-(?:\D|$)|\S-$"), min_count=0).as_py()),
    }
    absent = [mark for mark in _SELDOM if not pc.any(pc.match_substring(cleaned, mark), min_count=0).as_py()]
    formats = [
        NumberFormat.model_validate({"decimal_mark": decimal, "thousands_mark": thousands, "affix": affix, **signs})
        for affix in dict.fromkeys(("", _find_affix(sample)))
        for decimal, thousands in MARKS
        if thousands not in absent
    ]
    counts = [_count_numbers(sample, each) for each in formats]
    # Formats that only differ in cells beyond the sample must not be lost here.
    return [each for each, count in zip(formats, counts, strict=True) if count and count >= _NEARLY * max(counts)]


def _find_affix(sample: Array) -> str:
    """The currency or percent sign that stands in most texts; empty where there is none."""

    def share(affix: str) -> tuple[int, int]:
        pattern = rf"(?i)(?:^|[^a-z]){affix}(?:[^a-z]|$)"
        word = affix in CURRENCY_WORDS
        found = pc.match_substring_regex(sample, pattern) if word else pc.match_substring(sample, affix)
        return pc.sum(found, min_count=0).as_py(), len(affix)

    best = max(AFFIXES, key=share)
    return best if share(best)[0] else ""


def _count_numbers(texts: Array, number_format: NumberFormat) -> int:
    return len(texts) - int(parse_numbers(texts, number_format, exact=False)[1].sum())


def _without_idle_signs(texts: Array, number_format: NumberFormat) -> NumberFormat:
    """The format without the marks of negative numbers that no number in the texts has."""
    for sign in ("parentheses", "trailing_minus"):
        if getattr(number_format, sign):
            simpler = number_format.model_copy(update={sign: False})
            if _count_numbers(texts, simpler) == _count_numbers(texts, number_format):
                number_format = simpler
    return number_format


def _choose(texts: Array, equal: Sequence[NumberFormat]) -> tuple[NumberFormat, NumberFormat | None]:
    """The likelier of formats that read the same texts, and one in which these are other numbers."""
    first = equal[0]
    if len(equal) == 1:
        return first, None
    numbers = parse_numbers(texts, first, exact=False)[0]
    others = [each for each in equal[1:] if not parse_numbers(texts, each, exact=False)[0].equals(numbers)]
    if not others:
        return first, None
    other = others[0]
    grouped = first if first.thousands_mark == other.decimal_mark else other
    single = other if grouped is first else first
    return (grouped, single) if _parts_thousands(texts, grouped) else (single, grouped)


def _parts_thousands(texts: Array, grouped: NumberFormat) -> bool:
    """Whether a mark before three digits, in texts that could be read either way, rather parts thousands."""
    if grouped.affix == PERCENT or pc.any(pc.match_substring_regex(texts, r"\d{4}"), min_count=0).as_py():
        return False
    if grouped.thousands_mark == "," or grouped.affix:
        return True
    num_marked = int(as_numpy(pc.match_substring(texts, grouped.thousands_mark)).sum())
    return _ENOUGH <= num_marked < len(texts)


def _find_example(texts: Array, cleaned: Array, number_format: NumberFormat, doubtful: bool) -> str:
    """The first text that is a number and shows most of what the format has."""
    marks = [number_format.thousands_mark, number_format.affix, number_format.decimal_mark]
    if doubtful:
        marks = [number_format.thousands_mark or number_format.decimal_mark]
    shown = np.arange(min(len(cleaned), _SHOWN_FROM))
    for pattern in (*(f"(?i){re.escape(mark)}" for mark in marks if mark), "[1-9]"):
        having = as_numpy(pc.match_substring_regex(cleaned.take(shown), pattern))
        shown = shown[having] if _first_number(cleaned, shown[having], number_format) is not None else shown
    first = _first_number(cleaned, shown, number_format)
    example: str = texts[0 if first is None else first].as_py()
    return example.strip()


def _first_number(cleaned: Array, rows: npt.NDArray[np.int64], number_format: NumberFormat) -> int | None:
    """The first of the rows that is a number, looked for among not too many of them."""
    wrong = parse_numbers(cleaned.take(rows[:_LOOKED_AT]), number_format, exact=False)[1]
    numbers = rows[:_LOOKED_AT][~wrong]
    return int(numbers[0]) if len(numbers) else None
