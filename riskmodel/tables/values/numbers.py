"""How the numbers of a column are written, and what they then mean.

A format says which marks, currency or percent sign a column's numbers have. Cells are matched against it as a whole:
what is not written that way is reported, never guessed at. Numbers without a format are plain ones, as programs write
them, and do not come here.
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
from riskmodel.tables.values.look_alikes import remove_empty_cents, replace_look_alikes
from riskmodel.tables.values.multipliers import MULTIPLIERS, multiplier_pattern

NUMBER_PATTERN = r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$"
"""A finite decimal number as spreadsheets and programs write it: no thousands marks, no currency, no decimal comma."""

PERCENT = "%"
EXPONENTS = {PERCENT: -2, "‰": -3, "lakh": 5, "crore": 7, "TEUR": 3}
"""Words and signs next to every number of a column, and the power of ten each stands for."""
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
"""The affix that each way to write a scale, or a debit, stands for."""
AFFIXES = (*EXPONENTS, LEDGER, *CURRENCIES)
"""What may stand beside a number; words in capitals or not."""
LARGEST_EXACT = 2**53
"""From here on not every whole number has a float64 of its own."""

_LONGEST_SURELY_FINITE = 300
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
    """How numbers are written, beyond the plain way.

    Digits of other scripts, full-width marks, the minus sign ``−`` and spaces that do not break are read as their plain
    forms in any format. Numbers with a thousands mark have groups of three digits, or no group at all; a mark is
    followed by digits. By lakhs, groups of two digits may stand before the last three: 12,34,500.

    Attributes:
        decimal_mark: Between the whole and the fraction.
        thousands_mark: Between groups of three digits; empty where there are none.
        grouping: Whether groups have three digits (``1,234,500``) or Indian ones are read as well (``12,34,500``).
        affix: A currency sign or word that a cell may have on one side, in any of its spellings, or one of ``%``,
            ``‰``, ``lakh``, ``crore`` and ``TEUR``, which every cell must have: 12 % is 0.12. By ``Cr/Dr``, debits (Dr)
            are negative, credits (Cr) are not, and neither has a sign of its own. Empty where there is none.
        multipliers: Names of `MULTIPLIERS`, of which every cell has one after its number: 712 k is 712,000. An empty
            name stands for numbers that are not multiplied; empty where none is.
        parentheses: Whether ``(12)`` is -12.
        trailing_minus: Whether ``12-`` is -12.

    Raises:
        DataError: The two marks are the same, lakhs have no mark, or the affix or a multiplier is not known.

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
        unknown = [each for each in self.multipliers if each and each not in MULTIPLIERS]
        if unknown or (self.multipliers and self.affix in (*EXPONENTS, LEDGER)):
            raise DataError(
                f"{(*unknown, self.affix)[0]!r} cannot multiply the numbers. Choose from {', '.join(MULTIPLIERS)}."
            )
        if self.grouping == "lakhs" and not self.thousands_mark:
            raise DataError("Indian digit grouping needs a thousands mark. Choose ','.")
        return self

    @property
    def example(self) -> str:
        """A number written this way; formats that differ have examples that differ."""
        lakhs = f"12{self.thousands_mark}" if self.grouping == "lakhs" else ""
        scaled = self.affix in EXPONENTS
        whole = f"{lakhs or 1}{'34' * bool(lakhs)}{self.thousands_mark}{'500' if lakhs else '234'}"
        whole = whole if self.thousands_mark or not scaled else "12"
        text = f"{whole}{self.decimal_mark}{'5' if scaled else '50'}"
        affix = "Dr" if self.affix == LEDGER else self.affix
        multiplied = [f"{text} {each}".rstrip() if len(each) != 1 else text + each for each in self.multipliers or [""]]
        first = affix in _WRITTEN_FIRST
        texts = [f"{affix}{each}" if first else f"{each} {affix}".rstrip() for each in multiplied]
        negatives = [f"({texts[0]})"] * self.parentheses + [f"{texts[0]}-"] * self.trailing_minus
        return " or ".join([*(negatives or texts[:1]), *texts[1:]])


def parse_numbers(
    texts: Array | Cells, number_format: NumberFormat, exact: bool = True
) -> tuple[Any, npt.NDArray[np.bool_]]:
    """The numbers that texts mean.

    Args:
        texts: (n,) string; spaces around a text do not count, null stays null.
        number_format: How the numbers are written.
        exact: Whether a whole number that no float64 equals is refused.

    Returns:
        (n,) float64 (chunked as the texts are), null where a text is null or not a finite number of this format, and
        (n,) bool, True where it is not one. A number is the float64 nearest to what is written.

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
        # Subtracted from zero, so that (0) is 0 and not -0.
        sign = "[Dd][Rr]" if number_format.affix == LEDGER else r"\(|\d-|-$"
        numbers = pc.if_else(pc.match_substring_regex(written, sign), pc.subtract(0.0, numbers), numbers)
    numbers = pc.if_else(pc.is_finite(numbers), numbers, pa.scalar(None, pa.float64()))
    inexact = find_inexact(plain, numbers) if exact else None
    if inexact is not None:
        numbers = pc.if_else(pa.array(inexact), pa.scalar(None, pa.float64()), numbers)
    wrong: npt.NDArray[np.bool_] = as_numpy(pc.and_(pc.is_valid(cleaned), pc.is_null(numbers)))
    return numbers, wrong


def clean_numbers(texts: Array | Cells) -> Any:
    """The texts with plain digits, marks and spaces, and without what stands in place of cents or around the text."""
    # Cents first: the minus sign of a debit is no dash.
    return pc.utf8_trim_whitespace(replace_look_alikes(remove_empty_cents(texts)))


def count_numbers(texts: Array, number_format: NumberFormat) -> int:
    """How many texts are finite numbers of a format: sooner than by `parse_numbers`, which all others are tried by.

    Args:
        texts: (n,) string without nulls, as `clean_numbers` returns them.
        number_format: How the numbers are written.

    Example:
        >>> count_numbers(pa.array(["$60,000.00", "1,23"]), NumberFormat(thousands_mark=",", affix="$"))
        1
    """
    regular = texts.filter(pc.match_substring_regex(texts, _pattern(number_format)))
    if len(regular) == 0 or not _may_be_infinite(regular, number_format):
        return len(regular)
    return len(regular) - int(parse_numbers(regular, number_format, exact=False)[1].sum())


def find_inexact(texts: Array | Cells, numbers: Array | Cells) -> npt.NDArray[np.bool_] | None:
    """Which whole numbers are not what is written, for want of digits; None when no number is as large as that.

    Args:
        texts: (n,) string, plain numbers; null where the number is.
        numbers: (n,) float64, finite or null, what the texts were read as.

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
    """Whether a number may lie beyond the largest float64, which has 309 digits."""
    if pc.max(pc.binary_length(regular)).as_py() > _LONGEST_SURELY_FINITE:
        return True
    return not number_format.affix and bool(pc.any(pc.match_substring_regex(regular, "[eE]")).as_py())


def _changes(text: str, number: float) -> bool:
    """Whether the whole number that is written is another one as a float; only digits claim to be exact."""
    whole = re.fullmatch(r"[+-]?(\d+)(?:\.0*)?", text)
    return whole is not None and int(whole[1]) != int(abs(number))


def _pattern(number_format: NumberFormat) -> str:
    """One regular expression for all ways to write a number of this format."""
    decimal, thousands = re.escape(number_format.decimal_mark), re.escape(number_format.thousands_mark)
    # An exponent beside a currency or a percent sign is no way to write a number.
    exponent = "" if number_format.affix or number_format.multipliers else r"(?:[eE][+-]?\d+)?"
    body = rf"(?:\d+(?:{decimal}\d+)?|{decimal}\d+){exponent}"
    if thousands:
        # A first group of 0 would tell of a fraction: 0,123 is not 123.
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
    ways = [f"[+-]?{either}"]
    ways += [f"{affix} ?[+-]{body}"] if affix else []
    if number_format.trailing_minus:
        ways += [f"{either}-", *([f"{body}- ?{affix}"] if affix else [])]
    if number_format.parentheses:
        ways += [rf"\({either}\)", *([rf"{affix} ?\({body}\)", rf"\({body}\) ?{affix}"] if affix else [])]
    return f"^(?:{'|'.join(ways)})$"


def _multiplier_pattern(number_format: NumberFormat) -> str:
    """One of the multipliers, which is optional where some numbers have none; empty where nothing multiplies."""
    ways = [multiplier_pattern(each, _in_rupees(number_format)) for each in number_format.multipliers if each]
    return rf"(?: ?(?:{'|'.join(ways)})){'?' * ('' in number_format.multipliers)}" if ways else ""


def _in_rupees(number_format: NumberFormat) -> bool:
    return number_format.affix in spellings_of("INR")


def _write_as_exponents(written: Any, number_format: NumberFormat) -> Any:
    """The texts with ``e3`` in place of k, in the text, so that 12.3 k is the float64 nearest to 12,300."""
    affix = _affix_pattern(number_format.affix)
    for name in filter(None, number_format.multipliers):
        way = multiplier_pattern(name, _in_rupees(number_format))
        end = f"[-)]* ?(?:{affix})?[-)]*" if affix else "[-)]*"
        written = pc.replace_substring_regex(written, rf"(\d) ?{way}({end})$", rf"\1e{MULTIPLIERS[name]}\2")
    return written


def _holds(texts: Any, word: str) -> bool:
    return bool(pc.any(pc.match_substring(texts, word, ignore_case=True), min_count=0).as_py())


def _affix_spellings(affix: str) -> tuple[str, ...]:
    return _WORDS.get(affix) or (spellings_of(affix) if affix else ())


def _affix_pattern(affix: str) -> str:
    """All ways to write a currency, the longest first, as a regular expression; empty for none."""
    spellings = sorted(_affix_spellings(affix), key=len, reverse=True)
    either = [rf"(?i:{re.escape(each)})\.?" if _ends_with_point(each) else re.escape(each) for each in spellings]
    return f"(?:{'|'.join(either)})" if either else ""


def _ends_with_point(spelling: str) -> bool:
    """Whether a point may end it, as in ``Rs.`` and ``S/.``, and its letters may be capitals or not."""
    return is_word(spelling) or spelling.endswith("/")


def _as_plain(written: Any, number_format: NumberFormat) -> Any:
    """Texts that are numbers of the format, with nothing left but what makes a plain number; parentheses are lost."""
    dropped: list[str] = [number_format.thousands_mark] if number_format.thousands_mark else []
    dropped += [" "] if number_format.affix and number_format.thousands_mark != " " else []
    dropped += ["(", ")"] if number_format.parentheses else []
    spellings = _affix_spellings(number_format.affix)
    written = _write_as_exponents(written, number_format)
    words = [each for each in spellings if _ends_with_point(each)]
    # Words go first, since the point of one could be taken for a mark.
    if any(_holds(written, word) for word in words):
        written = pc.replace_substring_regex(written, _affix_pattern(number_format.affix), "")
    # The longest first: ₵ is a part of GH₵.
    dropped += sorted((each for each in spellings if each not in words), key=len, reverse=True)
    for character in dropped:
        written = pc.replace_substring(written, character, "")
    if number_format.trailing_minus:
        written = pc.utf8_rtrim(written, "-")
    if number_format.decimal_mark == ",":
        written = pc.replace_substring(written, ",", ".")
    if number_format.affix in EXPONENTS:
        # Moved in the text, so that 12.3 % is the float64 nearest to 0.123.
        exponent = pa.scalar(f"e{EXPONENTS[number_format.affix]}")
        written = pc.binary_join_element_wise(written, exponent, pa.scalar(""))
    return written
