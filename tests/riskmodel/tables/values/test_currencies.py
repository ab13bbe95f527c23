"""Currencies next to amounts: recognition and counts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.tables.coercion.coercion import type_table
from riskmodel.tables.proposal.proposal import propose_schema
from riskmodel.tables.reading.open_table import read_table
from riskmodel.tables.values.currencies import CURRENCIES, ISO_CODES, count_currencies, spellings_of
from riskmodel.tables.values.numbers import NumberFormat
from tests.real_data import real_data
from tests.riskmodel.tables.evidence.test_odd_cells import propose, table_of


def test_codes_are_three_letters_and_each_spelling_is_one_currency() -> None:
    assert len(set(ISO_CODES)) == len(ISO_CODES) > 150
    assert all(len(code) == 3 and code.isupper() for code in ISO_CODES)
    assert all(
        spellings_of(currency) == spellings_of(other) for currency in CURRENCIES for other in spellings_of(currency)
    )


def test_amounts_are_counted_by_currency() -> None:
    assert count_currencies(["€ 5", "1.200 EUR", "7 €", "$5", "about 5"]) == {"€": 3, "$": 1}
    assert count_currencies(["Rs. 500", "₹1,25,000", "INR 7"]) == {"Rs": 3}
    assert count_currencies(["Q1", "Q2", "TOP5", "R1", "R2.5"]) == {}
    assert count_currencies(["R1,234.50", "R 7.00"]) == {"R": 2}


@pytest.mark.parametrize(
    "way",
    [
        *("Rs. {}", "INR {}", "{} kr", "{} zł", "Kč {}", "R${}", "CHF {}", "Fr. {}", "RM{}", "S/. {}", "KES {}"),
        *("{} VND", "{} XOF", "R {}", "₺{}", "{} Ft", "{} lei", "₴{}", "NT${}", "{} руб.", "SEK {}", "₱{}", "AED {}"),
    ],
)
def test_amounts_are_numbers_with_any_currency_before_or_after(way: str) -> None:
    numbers = [1000 + 7919 * row % 99_991 for row in range(300)]
    cells = [way.format(f"{number:,}.50") for number in numbers]
    column = propose(cells)
    assert column.kind == "numerical", column.reason
    raw = table_of(x=cells)
    assert type_table(raw, propose_schema(raw))["x"].to_pylist() == [number + 0.5 for number in numbers]


@pytest.mark.parametrize(
    ("way", "mark"),
    [("CHF {}.–", "'"), ("CHF {}.-", "’"), ("Fr. {}.—", "’"), ("Rs. {}/-", ","), ("{},- €", "."), ("KSh {}/=", ",")],
)
def test_a_dash_in_place_of_cents_is_not_a_sign(way: str, mark: str) -> None:
    numbers = [1000 + 7919 * row % 99_991 for row in range(300)]
    raw = table_of(x=[way.format(f"{number:,}".replace(",", mark)) for number in numbers])
    assert type_table(raw, propose_schema(raw))["x"].to_pylist() == numbers


@settings(max_examples=25, deadline=None)
@given(
    way=st.sampled_from(["{:.2f} {}", "{:,.2f} {}", "{:.2f}{}", "{:,.2f} {}."]),
    words=st.sampled_from([("Cr", "Dr"), ("CR", "DR"), ("cr", "dr")]),
    every=st.integers(2, 50),
    numbers=st.lists(st.integers(100, 10**8), min_size=60, max_size=60, unique=True),
)
def test_cr_with_dr_is_the_sign_of_an_account(way: str, words: tuple[str, str], every: int, numbers: list[int]) -> None:
    signs = [row % every == 0 for row in range(len(numbers))]
    cells = [way.format(number / 100, words[debit]) for number, debit in zip(numbers, signs, strict=True)]
    raw = table_of(x=cells)
    column = propose_schema(raw).column("x")
    assert column.number_format is not None and column.number_format.affix == "Cr/Dr"
    assert "Cr is read as credit, above zero, and Dr as debit, below zero: please check" in column.reason
    expected = [-number / 100 if debit else number / 100 for number, debit in zip(numbers, signs, strict=True)]
    assert type_table(raw, propose_schema(raw))["x"].to_pylist() == expected


def test_cr_alone_is_credit_or_crore_and_in_doubt() -> None:
    large = propose([f"{1000 + 7919 * row % 99_991}.50 Cr" for row in range(300)])
    assert "'1000.50 Cr' is read as 1000.5 and could also mean 10005000000: please check" in large.reason
    small = [f"{1 + row * 37 % 99}.5 Cr" for row in range(300)]
    assert "'1.5 Cr' is read as 15000000 and could also mean 1.5: please check" in propose(small).reason


@pytest.mark.parametrize("others", [["2 crore"] * 10, ["12,34,567 Cr"] * 10])
def test_cr_with_crore_in_full_or_indian_grouping_is_crore(others: list[str]) -> None:
    column = propose([*(f"{1 + row * 37 % 99}.5 Cr" for row in range(290)), *others])
    assert column.number_format is not None and column.number_format.affix == "crore"
    assert "please check" not in column.reason


def test_indian_digit_grouping_of_the_case_is_read() -> None:
    for name in ("train.csv", "mostly_below_one_lakh.csv"):
        raw = read_table(real_data(f"../cases/07-indian-grouping/{name}"))
        schema = propose_schema(raw, "defaulted")
        column = schema.column("income")
        assert (column.kind, column.missing_markers) == ("numerical", None)
        assert column.number_format == NumberFormat(thousands_mark=",", grouping="lakhs")
        plain = [float(cell.replace(",", "")) for cell in raw["income"].to_pylist()]
        assert type_table(raw, schema)["income"].to_pylist() == plain
