"""Everyday notation of date formats."""

import pytest

from riskmodel.tables.values.date_notation import from_notation, to_notation
from riskmodel.tables.values.dates import DIGIT_FORMATS, TEXT_FORMATS, is_date_format

TIMES = ("", " %H:%M", "T%H:%M:%S", " %H:%M:%S.%f", " %I:%M:%S %p", " %I:%M%p", "T%H:%M:%S%z")


@pytest.mark.parametrize("time", TIMES)
def test_every_format_is_read_back_from_its_notation(time: str) -> None:
    for date_format in (*TEXT_FORMATS, *DIGIT_FORMATS):
        notation = to_notation(date_format + time)
        assert "%" not in notation
        assert from_notation(notation) == date_format + time


def test_notations_of_all_formats_differ() -> None:
    formats = [*TEXT_FORMATS, *DIGIT_FORMATS]
    assert len({to_notation(date_format) for date_format in formats}) == len(set(formats))


def test_a_text_in_small_letters_or_without_date_parts() -> None:
    assert from_notation("dd.mm.yyyy") == "%d.%m.%Y" and from_notation("yyyy-mm-dd") == "%Y-%m-%d"
    assert is_date_format(from_notation("DD MMM YYYY"))
    assert not is_date_format(from_notation("tomorrow"))
