"""`NumberFormat`, the format of a column's numbers, and parsing by it.

A format defines the separators, currency or percent sign of a column's numbers. Cells must match it completely;
other cells are reported, never guessed. Plain numbers, as written by programs, have no format and are not
handled here.
"""

import re
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from riskmodel.errors import DataError
from riskmodel.tables.arrow import Array, Cells, as_numpy, pc
from riskmodel.tables.values.currencies import CURRENCIES, is_word, spellings_of
from riskmodel.tables.values.homoglyphs import normalize_characters, remove_empty_cents
from riskmodel.tables.values.multipliers import MULTIPLIERS, multiplier_pattern

NUMBER_PATTERN = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$"
"""A finite decimal number as programs write it: no thousands separators, no currency, no decimal comma."""

PERCENT = "%"
EXPONENTS = {PERCENT: -2, "‰": -3, "lakh": 5, "crore": 7, "TEUR": 3}
"""Words and signs next to every number of a column, and the power of ten of each."""
LEDGER = "Cr/Dr"
"""Credit and debit marks of the amounts of an account: 12 Cr is 12, 12 Dr is -12."""
_WORDS = {
    "TEUR": ("TEUR", "T€", "kEUR", "k€"),
    "lakh": ("lakhs", "lakh", "lacs", "lac"),
    "crore": ("crores", "crore", "cr"),
    LEDGER: ("Cr", "Dr"),
}
SCALES = {
    PERCENT: PERCENT,
    "‰": "‰",
    "dr": LEDGER,
    **{word.casefold(): scale for scale in ("lakh", "crore", "TEUR") for word in _WORDS[scale]},
}
"""The affix of each spelling of a scale or a debit."""
AFFIXES = (*EXPONENTS, LEDGER, *CURRENCIES)
"""Possible affixes of a number; words in either case."""
LARGEST_EXACT = 2**53
"""From here on not every integer is exact in float64."""

_MAX_FINITE_LENGTH = 300
_WRITTEN_FIRST = (
    "$",
    "£",
    "¥",
    "₹",
    "₩",
    "US$",
    "HK$",
    "R$",
    "A$",
    "C$",
    "NZ$",
    "S$",
    "NT$",
    "MX$",
    "₱",
    "₦",
    "₪",
    "฿",
)


class NumberFormat(BaseModel):
    """A number format other than the plain one.

    Digits of other scripts, full-width separators, the minus sign ``−`` and no-break spaces are read as their plain
    forms in any format. Numbers with a thousands separator have groups of three digits, or no group; a separator is
    followed by digits. With lakhs, groups of two digits may precede the last three: 12,34,500.

    Attributes:
        decimal_mark: Decimal separator.
        thousands_mark: Separator of groups of three digits; empty if there is none.
        grouping: Whether groups have three digits (``1,234,500``) or Indian ones are read as well (``12,34,500``).
        affix: A currency sign or word that a cell may have on one side, in any of its spellings, or one of ``%``,
            ``‰``, ``lakh``, ``crore`` and ``TEUR``, which every cell must have: 12% is 0.12. With ``Cr/Dr``, debits
            (Dr) are negative, credits (Cr) are not, and neither has its own sign. Empty if there is none.
        multipliers: Names of `MULTIPLIERS`, of which every cell has one after its number: 712 k is 712,000. An empty
            name allows numbers without a multiplier; empty if there are no multipliers.
        parentheses: Whether ``(12)`` is -12.
        trailing_minus: Whether ``12-`` is -12.

    Raises:
        DataError: The two separators are equal, lakhs have no separator, or the affix or a multiplier is unknown.

    Example:
        >>> NumberFormat(decimal_mark=",", thousands_mark=".", affix="EUR").example
        '1.234,50 EUR'
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    decimal_mark: Literal[".", ","] = "."
    thousands_mark: Literal["", ",", ".", " ", "'"] = ""
    grouping: Literal["thousands", "lakhs"] = "thousands"
    affix: str = ""
    multipliers: tuple[str, ...] = ()
    parentheses: bool = False
    trailing_minus: bool = False

    @field_validator("affix")
    @classmethod
    def _known(cls, affix: str) -> str:
        if affix and affix not in AFFIXES:
            raise DataError(
                f"{affix!r} is not a known currency. Choose a code such as EUR, a sign such as €, %, lakh, crore or "
                "Cr/Dr."
            )
        return affix

    @model_validator(mode="after")
    def _check(self) -> "NumberFormat":
        if self.decimal_mark == self.thousands_mark:
            raise DataError(
                f"{self.decimal_mark!r} cannot be both the decimal mark and the thousands mark. Choose two marks."
            )
        unknown = [name for name in self.multipliers if name and name not in MULTIPLIERS]
        if unknown or (self.multipliers and self.affix in (*EXPONENTS, LEDGER)):
            raise DataError(
                f"{(*unknown, self.affix)[0]!r} cannot multiply the numbers. Choose from {', '.join(MULTIPLIERS)}."
            )
        if self.grouping == "lakhs" and not self.thousands_mark:
            raise DataError("Indian digit grouping needs a thousands mark. Choose ','.")
        return self

    @property
    def example(self) -> str:
        """A number in this format; different formats have different examples."""
        lakhs = f"12{self.thousands_mark}" if self.grouping == "lakhs" else ""
        scaled = self.affix in EXPONENTS
        whole = f"{lakhs or 1}{'34' * bool(lakhs)}{self.thousands_mark}{'500' if lakhs else '234'}"
        whole = whole if self.thousands_mark or not scaled else "12"
        text = f"{whole}{self.decimal_mark}{'5' if scaled else '50'}"
        affix = "Dr" if self.affix == LEDGER else self.affix
        multiplied = [f"{text} {name}".rstrip() if len(name) != 1 else text + name for name in self.multipliers or [""]]
        first = affix in _WRITTEN_FIRST
        texts = [f"{affix}{number}" if first else f"{number} {affix}".rstrip() for number in multiplied]
        negatives = [f"({texts[0]})"] * self.parentheses + [f"{texts[0]}-"] * self.trailing_minus
        return " or ".join([*(negatives or texts[:1]), *texts[1:]])


def parse_numbers(
    texts: Array | Cells, number_format: NumberFormat, exact: bool = True
) -> tuple[Any, npt.NDArray[np.bool_]]:
    """Parse numbers.

    Args:
        texts: (n,) string; spaces around a text are ignored, null stays null.
        number_format: Their format.
        exact: Whether an integer that float64 cannot represent exactly is rejected.

    Returns:
        (n,) float64 (chunked as the texts are), null where a text is null or not a finite number of this format, and
        (n,) bool, True where it is not one. A number is the float64 nearest to the written one.

    Example:
        >>> money = NumberFormat(thousands_mark=",", affix="$", parentheses=True)
        >>> parse_numbers(pa.array(["$60,000.00", "($1.50)", "1,23"]), money)[0].to_pylist()
        [60000.0, -1.5, None]
    """
    cleaned = clean_numbers(texts)
    regular = pc.match_substring_regex(cleaned, _pattern(number_format))
    written = pc.if_else(regular, cleaned, pa.scalar(None, pa.string()))
    plain = _as_plain(written, number_format)
    numbers = pc.cast(plain, pa.float64())
    if number_format.parentheses or number_format.trailing_minus or number_format.affix == LEDGER:
        # Subtraction from zero, so that (0) is 0 and not -0.
        sign = "[Dd][Rr]" if number_format.affix == LEDGER else r"\(|\d-|-$"
        numbers = pc.if_else(pc.match_substring_regex(written, sign), pc.subtract(0.0, numbers), numbers)
    numbers = pc.if_else(pc.is_finite(numbers), numbers, pa.scalar(None, pa.float64()))
    inexact = find_inexact(plain, numbers) if exact else None
    if inexact is not None:
        numbers = pc.if_else(pa.array(inexact), pa.scalar(None, pa.float64()), numbers)
    wrong: npt.NDArray[np.bool_] = as_numpy(pc.and_(pc.is_valid(cleaned), pc.is_null(numbers)))
    return numbers, wrong


def clean_numbers(texts: Array | Cells) -> Any:
    """The texts with plain digits, separators and spaces, without placeholders for cents and surrounding spaces."""
    # Cents first: the minus sign of a debit is not a dash.
    return pc.utf8_trim_whitespace(normalize_characters(remove_empty_cents(texts)))


def count_numbers(texts: Array, number_format: NumberFormat) -> int:
    """Number of texts that are finite numbers of a format; faster than `parse_numbers`.

    Args:
        texts: (n,) string without nulls, as `clean_numbers` returns them.
        number_format: The format of the numbers.

    Example:
        >>> count_numbers(pa.array(["$60,000.00", "1,23"]), NumberFormat(thousands_mark=",", affix="$"))
        1
    """
    regular = texts.filter(pc.match_substring_regex(texts, _pattern(number_format)))
    if len(regular) == 0 or not _may_be_infinite(regular, number_format):
        return len(regular)
    return len(regular) - int(parse_numbers(regular, number_format, exact=False)[1].sum())


def find_inexact(texts: Array | Cells, numbers: Array | Cells) -> npt.NDArray[np.bool_] | None:
    """True for integers that differ from the written ones for lack of precision; None if no number is that large.

    Args:
        texts: (n,) string, plain numbers; null where the number is.
        numbers: (n,) float64, finite or null, the parsed texts.

    Example:
        >>> texts = pa.array(["9007199254740993", "9007199254740994", "1e300"])
        >>> find_inexact(texts, texts.cast(pa.float64()))
        array([ True, False, False])
    """
    large = pc.fill_null(pc.greater_equal(pc.abs(numbers), float(LARGEST_EXACT)), False)
    if not pc.any(large, min_count=0).as_py():
        return None
    inexact: npt.NDArray[np.bool_] = as_numpy(large).copy()
    pairs = zip(pc.filter(texts, large).to_pylist(), pc.filter(numbers, large).to_pylist(), strict=True)
    inexact[inexact] = [_changes(text, number) for text, number in pairs]
    return inexact


def _may_be_infinite(regular: Array, number_format: NumberFormat) -> bool:
    """True if a number may exceed the largest float64, which has 309 digits."""
    if pc.max(pc.binary_length(regular)).as_py() > _MAX_FINITE_LENGTH:
        return True
    return not number_format.affix and bool(pc.any(pc.match_substring_regex(regular, "[eE]")).as_py())


def _changes(text: str, number: float) -> bool:
    """True if the written integer changes as a float; only plain digits must be exact."""
    whole = re.fullmatch(r"[+-]?(\d+)(?:\.0*)?", text)
    return whole is not None and int(whole[1]) != int(abs(number))


def _pattern(number_format: NumberFormat) -> str:
    """Regular expression of all numbers of this format."""
    decimal, thousands = re.escape(number_format.decimal_mark), re.escape(number_format.thousands_mark)
    # An exponent is not allowed with a currency or a percent sign.
    exponent = "" if number_format.affix or number_format.multipliers else r"(?:[eE][+-]?\d+)?"
    body = rf"(?:\d+(?:{decimal}\d+)?|{decimal}\d+){exponent}"
    if thousands:
        # A first group of 0 would indicate a fraction: 0,123 is not 123.
        body = rf"[1-9]\d{{0,2}}(?:{thousands}\d{{3}})+(?:{decimal}\d+)?|{body}"
        if number_format.grouping == "lakhs":
            body = rf"[1-9]\d?(?:{thousands}\d{{2}})+{thousands}\d{{3}}(?:{decimal}\d+)?|{body}"
    body = f"(?:{body}){_multiplier_pattern(number_format)}"
    affix = _affix_pattern(number_format.affix)
    unsigned = [f"{affix} ?{body}", f"{body} ?{affix}"] if affix else []
    if number_format.affix == LEDGER:
        return f"^(?:{'|'.join(unsigned)}|[+-]?{body})$"
    unsigned += [body] if number_format.affix not in EXPONENTS else []
    either = f"(?:{'|'.join(unsigned)})"
    patterns = [f"[+-]?{either}"]
    patterns += [f"{affix} ?[+-]{body}"] if affix else []
    if number_format.trailing_minus:
        patterns += [f"{either}-", *([f"{body}- ?{affix}"] if affix else [])]
    if number_format.parentheses:
        patterns += [rf"\({either}\)", *([rf"{affix} ?\({body}\)", rf"\({body}\) ?{affix}"] if affix else [])]
    return f"^(?:{'|'.join(patterns)})$"


def _multiplier_pattern(number_format: NumberFormat) -> str:
    """Pattern of the multipliers, optional if some numbers have none; empty without multipliers."""
    patterns = [multiplier_pattern(name, _in_rupees(number_format)) for name in number_format.multipliers if name]
    return rf"(?: ?(?:{'|'.join(patterns)})){'?' * ('' in number_format.multipliers)}" if patterns else ""


def _in_rupees(number_format: NumberFormat) -> bool:
    return number_format.affix in spellings_of("INR")


def _write_as_exponents(written: Any, number_format: NumberFormat) -> Any:
    """The texts with ``e3`` in place of k, in the text, so that 12.3 k is the float64 nearest to 12,300."""
    affix = _affix_pattern(number_format.affix)
    for name in filter(None, number_format.multipliers):
        multiplier = multiplier_pattern(name, _in_rupees(number_format))
        end = f"[-)]* ?(?:{affix})?[-)]*" if affix else "[-)]*"
        written = pc.replace_substring_regex(written, rf"(\d) ?{multiplier}({end})$", rf"\1e{MULTIPLIERS[name]}\2")
    return written


def _holds(texts: Any, word: str) -> bool:
    return bool(pc.any(pc.match_substring(texts, word, ignore_case=True), min_count=0).as_py())


def _affix_spellings(affix: str) -> tuple[str, ...]:
    return _WORDS.get(affix) or (spellings_of(affix) if affix else ())


def _affix_pattern(affix: str) -> str:
    """Regular expression of all spellings of a currency, the longest first; empty for none."""
    spellings = sorted(_affix_spellings(affix), key=len, reverse=True)
    either = [
        rf"(?i:{re.escape(spelling)})\.?" if _ends_with_point(spelling) else re.escape(spelling)
        for spelling in spellings
    ]
    return f"(?:{'|'.join(either)})" if either else ""


def _ends_with_point(spelling: str) -> bool:
    """True if a point may follow it, as in ``Rs.`` and ``S/.``, and its letters may have either case."""
    return is_word(spelling) or spelling.endswith("/")


def _as_plain(written: Any, number_format: NumberFormat) -> Any:
    """Numbers of the format as plain numbers; parentheses are dropped."""
    dropped: list[str] = [number_format.thousands_mark] if number_format.thousands_mark else []
    dropped += [" "] if number_format.affix and number_format.thousands_mark != " " else []
    dropped += ["(", ")"] if number_format.parentheses else []
    spellings = _affix_spellings(number_format.affix)
    written = _write_as_exponents(written, number_format)
    words = [spelling for spelling in spellings if _ends_with_point(spelling)]
    # Words are removed first, since the point of one could be mistaken for a separator.
    if any(_holds(written, word) for word in words):
        written = pc.replace_substring_regex(written, _affix_pattern(number_format.affix), "")
    # The longest first: ₵ is a part of GH₵.
    dropped += sorted((spelling for spelling in spellings if spelling not in words), key=len, reverse=True)
    for character in dropped:
        written = pc.replace_substring(written, character, "")
    if number_format.trailing_minus:
        written = pc.utf8_rtrim(written, "-")
    if number_format.decimal_mark == ",":
        written = pc.replace_substring(written, ",", ".")
    if number_format.affix in EXPONENTS:
        # The point is moved in the text, so that 12.3% is the float64 nearest to 0.123.
        exponent = pa.scalar(f"e{EXPONENTS[number_format.affix]}")
        written = pc.binary_join_element_wise(written, exponent, pa.scalar(""))
    return written
