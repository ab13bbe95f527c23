"""Guesses the actual format of cells that do not fit their column's format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from riskmodel.errors import DataError
from riskmodel.tables.arrow import Array, as_numpy, pc, strings
from riskmodel.tables.evidence.evidence import show_number
from riskmodel.tables.schema.schema import Column
from riskmodel.tables.values.dates import ISO_FORMAT, find_date_formats, have_date_form, parse_dates
from riskmodel.tables.values.number_formats import find_number_format, format_of_example
from riskmodel.tables.values.numbers import EXPONENTS, NumberFormat, parse_numbers

_NEARLY = 0.9
_USUAL = 0.5
"""Share of numbers within the usual range from which they may be on the scale of the training file."""

Range = tuple[float, float]


@dataclass(frozen=True)
class WritingGuess:
    """A likely format of cells.

    Attributes:
        question: The likely format, and the format that the model expects: two sentences.
        setting: The setting for it, ``date_format`` or ``number_format``.
        example: The value of the setting: a date format, or an example of a number; empty where the cells would then
            have other values than in the training file.
        remedy: The recommended action, one sentence.
    """

    question: str
    setting: str
    example: str
    remedy: str

    def describe(self) -> str:
        """Question and remedy."""
        return f"{self.question} {self.remedy}"


def guess_writing(column: Column, texts: Sequence[str], usual: Range | None = None) -> WritingGuess | None:
    """The likely format; None if none fits.

    Args:
        column: A number or date column whose format the texts do not fit.
        texts: Distinct cells that do not fit the format.
        usual: The range of most numbers of the training file, where it is known.

    Example:
        >>> guess_writing(Column(name="income", kind="numerical"), ["1.234,56", "7,5"]).question
        'Written with decimal commas? The model expects numbers like 1234.50.'
    """
    cells = pc.utf8_trim_whitespace(strings(texts))
    if column.kind == "date":
        return _guess_date(column, cells)
    detected = find_number_format(cells) if column.kind == "numerical" else None
    if detected is None:
        return None
    seems = detected.number_format or NumberFormat()
    expected = column.number_format or NumberFormat()
    numbers, wrong = parse_numbers(cells, seems)
    if wrong.mean() > 1 - _NEARLY or seems == expected:
        return None
    question = f"Written with {_name(seems, expected)}? The model expects numbers like {expected.example}."
    guess = _guess(column, question, "number_format", _example_of(seems))
    if EXPONENTS.get(seems.affix, 0) == EXPONENTS.get(expected.affix, 0):
        return guess
    return _explain_scale(guess, texts[0].strip(), as_numpy(numbers.drop_null()), expected, usual)


def _explain_scale(
    guess: WritingGuess, text: str, numbers: npt.NDArray[np.float64], expected: NumberFormat, usual: Range | None
) -> WritingGuess:
    """The guess with the converted first number; no example where most numbers would then be unusual."""
    first = f"{numbers[0]:.15g}"
    if expected.affix in EXPONENTS:
        first = f"{numbers[0] / 10.0 ** EXPONENTS[expected.affix]:.12g} {expected.affix}"
    if usual is None or np.mean((numbers >= usual[0]) & (numbers <= usual[1])) > _USUAL:
        return replace(guess, remedy=f"{text!r} would then mean {first}. {guess.remedy}")
    remedy = (
        f"{text!r} would then mean {first}, but most numbers of the training file are between {show_number(usual[0])} "
        f"and {show_number(usual[1])}: write these numbers as the training file does."
    )
    return replace(guess, example="", remedy=remedy)


def _guess_date(column: Column, cells: Array) -> WritingGuess | None:
    alike = have_date_form(cells, digits=True)
    dates = cells.filter(alike)
    formats = find_date_formats(dates, digits=True)
    if not formats or len(dates) < _NEARLY * len(cells):
        return None
    first = parse_dates(dates, formats[0])[0]
    seems = [
        date_format
        for date_format in formats
        if date_format == formats[0] or parse_dates(dates, date_format)[0] != first
    ]
    question = f"Written as {' or '.join(seems)}? The model expects {column.date_format or ISO_FORMAT}."
    example = "" if "%y" in formats[0] and column.first_year is None else formats[0]
    return _guess(column, question, "date_format", example)


def _guess(column: Column, question: str, setting: str, example: str) -> WritingGuess:
    remedy = "Write them as the training file does."
    if example:
        remedy = f"If so, set the {setting.replace('_', ' ')} of '{column.name}' to {example!r}."
    return WritingGuess(question, setting, example, remedy)


def _example_of(number_format: NumberFormat) -> str:
    """An example that defines the format, as `format_of_example` reads it; empty where none does."""
    try:
        return number_format.example if format_of_example(number_format.example) == number_format else ""
    except DataError:
        return ""


def _name(seems: NumberFormat, expected: NumberFormat) -> str:
    """Description of the difference from other formats."""
    if seems.decimal_mark != expected.decimal_mark:
        return "decimal commas" if seems.decimal_mark == "," else "decimal points"
    if seems.affix != expected.affix:
        return f"'{seems.affix}'" if seems.affix else f"no '{expected.affix}'"
    if seems.grouping == "lakhs" != expected.grouping:
        return "Indian digit grouping"
    if seems.thousands_mark != expected.thousands_mark:
        return "marks between thousands" if seems.thousands_mark else "no marks between thousands"
    return f"negative numbers like '{seems.example}'"
