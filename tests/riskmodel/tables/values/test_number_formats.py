"""The format of a column's numbers: evidence and ambiguities."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.tables.values.number_formats import MARKS, find_doubt, find_number_format
from riskmodel.tables.values.numbers import NumberFormat


def find(*texts: str) -> tuple[str, str | None] | None:
    result = find_number_format(pa.array(texts, pa.string()))
    if result is None or result.number_format is None:
        return None
    return result.number_format.example, result.other.example if result.other else None


@pytest.mark.parametrize(
    ("texts", "example"),
    [
        (["$60,000.00", "$0.00"], "$1,234.50"),
        (["1.234,50", "7,25"], "1.234,50"),
        (["7,25", "3,5"], "1234,50"),
        (["1 234,5", "12"], "1 234,50"),
        (["1'234.5", "12"], "1'234.50"),
        (["12 %", "7.5 %"], "12.5 %"),
        (["12,5%"], "12,5 %"),
        (["(1,000.00)", "12.00"], "(1,234.50)"),
        (["12.00-", "12.00"], "1234.50-"),
        (["12,00 EUR-", "12,00 EUR"], "1234,50 EUR-"),
        (["1.234.567", "890"], "1.234,50"),
        (["USD 5", "USD 6"], "1234.50 USD"),
        (["−5", "6"], "1234.50"),
        # One text that no group of three explains decides for all others, and so does one of two groups.
        (["1,234", "5,67"], "1234,50"),
        (["1,234", "1,234,567"], "1,234.50"),
        (["1,234", "0,123"], "1234,50"),
    ],
)
def test_a_format_is_detected_from_its_numbers(texts: list[str], example: str) -> None:
    assert find(*texts) == (example, None)


@pytest.mark.parametrize(
    ("texts", "likelier", "other"),
    [
        (["1,234", "56,789"], "1,234.50", "1234,50"),
        (["1,234", "5678"], "1234,50", "1,234.50"),
        (["€1.234", "€56.789"], "1.234,50 €", "1234.50 €"),
        (["1,234 %", "5,678 %"], "12,5 %", "1,234.5 %"),
    ],
)
def test_an_ambiguous_format_has_an_alternative(texts: list[str], likelier: str, other: str) -> None:
    assert find(*texts) == (likelier, other)


def test_texts_that_are_not_numbers_have_no_format() -> None:
    assert find("abc", "10-20", "1.2.3.4") is None
    assert find() is None


def test_a_point_before_three_digits_is_a_decimal_point_without_contrary_evidence() -> None:
    doubt = find_doubt(pa.array(["1.234", "56.789"]))
    assert doubt is not None
    assert (doubt.number_format, doubt.example) == (None, "1.234")
    many = find_doubt(pa.array(["850", "7", *(f"{number}.{number + 100}" for number in range(1, 30))]))
    assert many is not None
    assert (many.number_format, many.other) == (NumberFormat(decimal_mark=",", thousands_mark="."), NumberFormat())
    assert find_doubt(pa.array(["1.234", "0.567"])) is None
    assert find_doubt(pa.array(["1", "2"])) is None


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(MARKS), st.lists(st.integers(-(10**9), 10**9), min_size=5, max_size=20))
def test_a_written_column_is_read_with_its_own_values(marks: tuple[str, str], cents: list[int]) -> None:
    numbers = [number / 100 for number in (*cents, 123456789)]
    table = {ord("."): marks[0], ord(","): marks[1]}
    result = find_number_format(pa.array([f"{number:,.2f}".translate(table) for number in numbers]))
    assert result is not None
    assert result.number_format == NumberFormat.model_validate({"decimal_mark": marks[0], "thousands_mark": marks[1]})
    assert result.other is None


@pytest.mark.parametrize(
    ("texts", "example"),
    [
        (["5 usd", "6 Usd"], "1234.50 USD"),
        (["5 KR", "6 kr"], "1234.50 kr"),
        # A Kelvin sign is a K when case is ignored.
        (["5 \u212ar", "6 \u212ar"], "1234.50 kr"),
        (["HK$5", "HK$6"], "HK$1234.50"),
    ],
)
def test_a_currency_is_found_in_capitals_or_not(texts: list[str], example: str) -> None:
    assert find(*texts) == (example, None)
