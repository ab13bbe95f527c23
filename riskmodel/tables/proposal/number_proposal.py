"""Proposal of numerical columns and their format, and of identifiers and codes made of numbers."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pyarrow as pa

from riskmodel.tables.arrow import Cells, as_numpy, pc
from riskmodel.tables.coercion.coercion import Unparsable, coerce_column
from riskmodel.tables.evidence.evidence import (
    CATEGORY_WORDS,
    CODE_WORDS,
    COUNT_WORDS,
    LAST_NAMING_WORDS,
    MAX_LEVELS,
    NAMING_WORDS,
    REPEATED,
    ColumnTexts,
    has_word,
    name_words,
    show_number,
)
from riskmodel.tables.evidence.odd_cells import MOSTLY, OddCells, find_odd_cells
from riskmodel.tables.schema.schema import Column
from riskmodel.tables.values.multipliers import LONG_WORDS, MULTIPLIERS
from riskmodel.tables.values.number_formats import FoundFormat, could_be_numbers, find_doubt, find_number_format
from riskmodel.tables.values.numbers import EXPONENTS, LEDGER, NUMBER_PATTERN, NumberFormat, parse_numbers
from riskmodel.tables.values.special_codes import describe_special_codes
from riskmodel.wording import plural

MAX_CODES, MAX_CODE = 10, 20
"""Whole numbers with at most 10 distinct values from 0 to 20 are codes if their distribution indicates it."""

_MAX_SHARE_ABOVE_GAP = 0.02
"""Share of customers above a gap that indicates codes: large counts are rare, so gaps there are normal."""

_SAMPLE_SIZE = 20_000
_MIN_SHARE = 0.1
"""Smallest share of numbers from which the other cells are described."""
_NUMBER_LIKE = rf"^(?:[^\pL]|(?:\pL{{1,3}}|TEUR|(?i:{'|'.join(LONG_WORDS)}))(?:[^\pL]|$))*$"
_WHOLE = r"^[+-]?\d+(?:\.0*)?$"


@dataclass(frozen=True)
class Reading:
    """A column read as numbers in one format.

    Attributes:
        found: The format; None means plain and unambiguous.
        numbers: (n,) float64, null where missing or not a number.
        wrong: The cells that are neither missing nor numbers.
        num_numbers: Number of cells that are numbers.
        texts: The cells.
    """

    found: FoundFormat | None
    numbers: Cells
    wrong: Unparsable | None
    num_numbers: int
    texts: ColumnTexts

    @cached_property
    def odd(self) -> OddCells | None:
        """The cells that are neither missing nor numbers, by text; None without any."""
        return None if self.wrong is None else find_odd_cells(self.texts, self.wrong.mask)

    @cached_property
    def ends(self) -> tuple[float | None, float | None]:
        """The smallest and the largest number; None without numbers."""
        ends = pc.min_max(self.numbers).as_py()
        return ends["min"], ends["max"]

    @property
    def number_format(self) -> NumberFormat | None:
        """The number format for reading the column."""
        return None if self.found is None else self.found.number_format

    @property
    def num_read(self) -> int:
        """Number of cells that are numbers, including those beyond float64 precision."""
        return self.num_numbers + (self.wrong.inexact if self.wrong else 0)

    @property
    def holds(self) -> bool:
        """True if nearly all cells that are neither missing nor spreadsheet errors are numbers."""
        if self.odd is None or self.num_numbers < _MIN_SHARE * self._num_present:
            return self.num_numbers > 0 and self.odd is None
        return self.num_numbers >= MOSTLY * (self._num_present - self.odd.num_errors)

    @property
    def is_mixed(self) -> bool:
        """True if at least half of the cells that are not missing are numbers."""
        return 2 * self.num_numbers >= self._num_present

    @property
    def _num_present(self) -> int:
        return self.num_numbers + (self.wrong.count if self.wrong else 0)

    def describe_wrong(self) -> str:
        """Number of cells that are numbers, and the texts of the others; empty if all are numbers."""
        if self.wrong is None or self.odd is None:
            return ""
        what = "not"
        if self.wrong.infinite == self.wrong.count:
            what = "infinite"
        elif self.wrong.inexact == self.wrong.count:
            what = "too long to be kept exactly as numbers"
        verb = plural(self.wrong.count, "is", "are")
        counted = f"{self.num_numbers:,} of {self._num_present:,} values are numbers"
        return f"{counted}, {self.wrong.count:,} {verb} {what}: {self.odd.describe()}"


def propose_number(name: str, texts: ColumnTexts) -> Column | None:
    """A numerical column, or identifiers, codes or categories made of numbers; None for texts.

    Args:
        name: The column's name.
        texts: Its cells.
    """
    reading = read_numbers(texts)
    if reading is None:
        return None
    wrong = reading.wrong
    if wrong is None or wrong.inexact == wrong.count:
        column = _propose_name_or_code(name, texts, reading)
        if column is not None:
            return column
    if wrong is not None and wrong.inexact == wrong.count and not reading.holds:
        return _propose_levels(name, texts, reading.describe_wrong(), "identifier")
    if not reading.holds:
        texts.numbers_found = reading.describe_wrong() if reading.is_mixed else ""
        return None
    if reading.odd is not None:
        return _propose_with_odd_cells(name, texts, reading, reading.odd)
    texts.numbers = reading.numbers
    return Column(name=name, kind="numerical", number_format=reading.number_format, reason=describe_numbers(reading))


def _propose_with_odd_cells(name: str, texts: ColumnTexts, reading: Reading, odd: OddCells) -> Column | None:
    """The proposal without the unparsable cells, which are proposed as missing if the column is numerical."""
    rest = texts.without(odd.texts)
    column = propose_number(name, rest)
    if column is None or column.kind != "numerical":
        if texts.levels is None:
            return column
        why = f"{texts.levels} different values; {reading.describe_wrong()}"
        return Column(name=name, kind="categorical", reason=why)
    reason = f"{column.reason}; {reading.describe_wrong()}"
    if not odd.can_be_markers:
        return column.model_copy(update={"reason": f"{reason}: {odd.remedy}"})
    texts.numbers = rest.numbers
    markers = column.missing_markers or rest.markers
    return column.model_copy(update={"missing_markers": markers, "reason": f"{reason}: {odd.remedy}"})


def read_numbers(texts: ColumnTexts) -> Reading | None:
    """The column as numbers, in the format that parses most cells; plain if no other is better.

    None if no cell is a number in any known format.
    """
    sample = texts.sample
    plain = None
    if pc.any(pc.match_substring_regex(sample, NUMBER_PATTERN), min_count=0).as_py():
        plain = _read(texts)
        if plain.wrong is None:
            doubt = find_doubt(sample) and find_doubt(texts.distinct)
            return plain if not doubt else _read(texts, doubt)
    likely = pc.mean(pc.cast(pc.match_substring_regex(sample, _NUMBER_LIKE), pa.float64())).as_py() or 0.0
    # All cells decide, but they are only parsed if a sample of a few thousand makes it likely.
    detected = None
    if likely >= 0.5 and could_be_numbers(sample):
        detected = find_number_format(texts.distinct)
    written = None if detected is None else _read(texts, detected)
    readings = [reading for reading in (plain, written) if reading is not None and reading.num_read]
    return max(readings, key=lambda reading: reading.num_read, default=None)


def _read(texts: ColumnTexts, detected: FoundFormat | None = None) -> Reading:
    own = texts.markers if texts.has_own_markers else None
    number_format = detected.number_format if detected else None
    column = Column(name="x", kind="numerical", number_format=number_format, missing_markers=own)
    numbers, wrong = coerce_column(texts.encoded, column, texts.markers)
    return Reading(detected, numbers, wrong, len(texts.cells) - numbers.null_count, texts)


def describe_numbers(reading: Reading) -> str:
    """Description of a column's numbers: range, format, unparsable cells, likely special codes."""
    smallest, largest = reading.ends
    if smallest is None or largest is None:
        reason = "numbers"
    elif smallest == largest:
        reason = f"is {show_number(smallest)} or missing"
    else:
        reason = f"numbers from {show_number(smallest)} to {show_number(largest)}"
    parts = [reason + _describe_format(reading.found)]
    if reading.wrong is not None:
        parts.append(reading.describe_wrong())
    special = describe_special_codes(reading.numbers, reading.ends)
    return "; ".join([*parts, special] if special else parts)


def _describe_format(detected: FoundFormat | None) -> str:
    """The number format, its meaning where not obvious, and alternative meanings."""
    if detected is None:
        return ""
    number_format = detected.number_format or NumberFormat()
    example = repr(" ".join(detected.example.split()))  # no-break and thin spaces would be displayed as escapes
    multiplied = _describe_multipliers(number_format) if number_format.multipliers else ""
    if detected.other is not None:
        meant, other = (_value(detected.example, reading) for reading in (detected.number_format, detected.other))
        return f"; {example} is read as {meant} and could also mean {other}: please check{multiplied}"
    description = f", written like {example}"
    if number_format.affix == LEDGER:
        return f"{description}; Cr is read as credit, above zero, and Dr as debit, below zero: please check"
    if number_format.decimal_mark == "," or number_format.affix in EXPONENTS or number_format.multipliers:
        description += f" (read as {_value(detected.example, number_format)})"
    description += multiplied
    if number_format.parentheses or number_format.trailing_minus:
        description += f", negative ones like {number_format.example!r}"
    return description


def _describe_multipliers(number_format: NumberFormat) -> str:
    """The meaning of each multiplier, with a question where it is inferred only from the others."""
    names = [name for name in number_format.multipliers if name]
    parts = [f"{name.partition(':')[0]} is 10^{MULTIPLIERS[name]}" for name in names]
    bare = ["numbers without any are not multiplied"] * ("" in number_format.multipliers)
    return f"; {', '.join([*parts, *bare])}{': please check' * any(':' in name for name in names)}"


def _value(text: str, number_format: NumberFormat | None) -> str:
    number = parse_numbers(pa.array([text]), number_format or NumberFormat())[0][0].as_py()
    return f"{number:.15g}"


def _propose_name_or_code(name: str, texts: ColumnTexts, reading: Reading) -> Column | None:
    """Whole numbers that are identifiers or codes rather than measurements."""
    number_format, sample = reading.number_format, texts.sample
    if number_format is None:
        if not pc.all(pc.match_substring_regex(sample, _WHOLE), min_count=0).as_py():
            return None
        column = _propose_identifier(name, texts, reading)
        return column or (None if reading.wrong else _propose_codes(name, texts, reading))
    # Identifiers have spaces between groups, if any; amounts, shares and fractions are measurements.
    if number_format.thousands_mark not in ("", " ") or number_format.affix:
        return None
    if pc.any(pc.match_substring(sample, number_format.decimal_mark)).as_py():
        return None
    return _propose_identifier(name, texts, reading)


def _propose_identifier(name: str, texts: ColumnTexts, reading: Reading) -> Column | None:
    """Whole numbers that are identifiers rather than measurements."""
    sample, num_rows = texts.sample, len(texts.cells)
    lengths = pc.min_max(pc.utf8_length(sample)).as_py()
    zeros = bool(pc.any(pc.match_substring_regex(sample, r"^0\d")).as_py())
    long = lengths["max"] >= 16
    unique = are_different(reading.numbers) or texts.are_unique
    if unique and (has_word(name, NAMING_WORDS) or zeros or long or lengths["min"] == lengths["max"] >= 6):
        return Column(name=name, kind="identifier", reason="a different whole number in every row")
    smallest, largest = reading.ends
    if (
        unique
        and num_rows >= 20
        and smallest is not None
        and largest is not None
        and largest - smallest == num_rows - 1
    ):
        return Column(name=name, kind="identifier", reason="numbers the rows")
    if zeros or long:
        written = "leading zeros" if zeros else f"numbers of up to {lengths['max']} digits"
        why = f"{written}, which a number would lose"
        if not long and not has_word(name, NAMING_WORDS):
            repeated = texts.repeated_levels if has_word(name, CODE_WORDS) else texts.count_repeated(1)
            if repeated is not None:
                return _propose_repeated(name, repeated, why)
        return _propose_levels(name, texts, why, "identifier")
    words = name_words(name)
    if words and words[-1] in LAST_NAMING_WORDS:
        return _propose_levels(name, texts, "an identifier by the column's name", "identifier")
    return None


def are_different(numbers: Cells) -> bool:
    """True if all numbers are distinct and none is missing: the texts are then distinct too; faster to test."""
    head = numbers.slice(0, _SAMPLE_SIZE)
    if numbers.null_count or len(pc.unique(head)) < len(head):
        return False
    values = as_numpy(numbers)
    # Rows are often in the order of their numbers and then need no sort.
    return bool((np.diff(values) > 0).all() or np.diff(np.sort(values)).all())


def _propose_codes(name: str, texts: ColumnTexts, reading: Reading) -> Column | None:
    """Few small whole numbers, or numbers whose column name indicates codes."""
    if has_word(name, CODE_WORDS):
        return _propose_levels(name, texts, "codes by the column's name", "ignored")
    levels = texts.levels
    smallest, largest = reading.ends
    few = levels is not None and levels <= MAX_CODES and levels * 5 <= len(texts.cells)
    within = smallest is not None and largest is not None and smallest >= 0 and largest <= MAX_CODE
    if levels is None or not few or not within or has_word(name, COUNT_WORDS):
        return None
    why = _signs_of_codes(name, levels, reading)
    return Column(name=name, kind="categorical", reason=f"{levels} different whole numbers, {why}") if why else None


def _signs_of_codes(name: str, levels: int, reading: Reading) -> str:
    """Reason why few small whole numbers are codes; empty for counts and ranks.

    With two values a network learns the same either way, and with three from 1 nearly the same; these are more often
    codes. A gap indicates codes if more than a fiftieth of the customers have a number above it.
    """
    if levels <= 2 or (levels == 3 and reading.ends[0] != 0):
        return "taken for codes"
    if has_word(name, CATEGORY_WORDS):
        return "taken for codes by the column's name"
    counts = np.bincount(as_numpy(pc.drop_null(reading.numbers)).astype(np.int64))
    first_gap = next((value for value in range(int(np.argmax(counts > 0)), len(counts)) if not counts[value]), None)
    if first_gap is not None and counts[first_gap:].sum() > _MAX_SHARE_ABOVE_GAP * counts.sum():
        return f"taken for codes: no customer has {first_gap}"
    return ""


def _propose_levels(name: str, texts: ColumnTexts, why: str, fallback: Literal["identifier", "ignored"]) -> Column:
    levels = texts.levels
    if levels is not None:
        return Column(name=name, kind="categorical", reason=f"{why}; {levels} different values")
    if fallback == "ignored" and texts.repeated_levels is not None:
        return _propose_repeated(name, texts.repeated_levels, why)
    return Column(name=name, kind=fallback, reason=f"{why}; more than {MAX_LEVELS} different values")


def _propose_repeated(name: str, count: int, why: str) -> Column:
    return Column(name=name, kind="categorical", reason=f"{why}; {count:,} different values, {REPEATED}")
