"""Numbers with currencies, multipliers and digits of other scripts: the exact value, or a question, or no number."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.errors import DataError
from riskmodel.tables.coercion.coercion import type_table
from riskmodel.tables.proposal.proposal import propose_schema
from riskmodel.tables.proposal.schema_changes import SchemaChanges
from riskmodel.tables.schema.schema import Schema
from riskmodel.tables.values.number_formats import format_of_example
from riskmodel.tables.values.numbers import NumberFormat
from riskmodel.tables.values.units import find_units
from tests.riskmodel.tables.evidence.test_odd_cells import propose, table_of

FORMS = {
    "{}": 0,
    "CHF {}": 0,
    "{} €": 0,
    "${}k": 3,
    "{} K": 3,
    "{}k USD": 3,
    "{} TEUR": 3,
    "{} T€": 3,
    "{} Tsd. €": 3,
    "{} тыс. руб.": 3,
    "{} Mio. €": 6,
    "{} mln zł": 6,
    "{} million": 6,
    "R$ {} milhões": 6,
    "{} millones €": 6,
    "£{}mn": 6,
    "{} Mrd. €": 9,
    "${}bn": 9,
    "{}万": 4,
    "{}万元": 4,
    "¥{}億": 8,
    "₹{} Lakh": 5,
    "{} lakhs": 5,
    "Rs. {} lac": 5,
    "₹{} Cr": 7,
    "INR {} crore": 7,
    "{} ‰": -3,
    "{} %": -2,
}
DIGITS = ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９", "०१२३४५६७८९"]
SIGNS: list[Callable[[str], str]] = [lambda text: f"-{text}", lambda text: f"−{text}", lambda text: f"({text})"]


@settings(max_examples=40, deadline=None)
@given(
    form=st.sampled_from(sorted(FORMS)),
    digits=st.sampled_from(DIGITS),
    marks=st.sampled_from([".", ","]),
    space=st.sampled_from([" ", "\u00a0", "\u202f"]),
    negative=st.sampled_from(SIGNS),
    numbers=st.lists(st.integers(-9999, 9999), min_size=40, max_size=60, unique=True),
)
def test_a_number_in_any_form_is_its_exact_value(
    form: str, digits: str, marks: str, space: str, negative: Callable[[str], str], numbers: list[int]
) -> None:
    table = str.maketrans("0123456789.", f"{digits}{marks}")
    amounts = [f"{abs(number) / 10:.1f}".translate(table) for number in numbers]
    cells = [form.format(amount).replace(" ", space) for amount in amounts]
    cells = [negative(cell) if number < 0 else cell for cell, number in zip(cells, numbers, strict=True)]
    raw = table_of(x=cells * 2)
    schema = propose_schema(raw)
    assert schema.column("x").kind == "numerical", (cells[:3], schema.column("x").reason)
    stored = Schema.from_json(schema.to_json())
    expected = [float(Decimal(number).scaleb(FORMS[form] - 1)) for number in numbers]
    assert type_table(table_of(x=cells), stored)["x"].to_pylist() == expected


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 9999), min_size=30, max_size=50, unique=True), st.sampled_from(["", "$", "€"]))
def test_multipliers_may_be_mixed_where_each_is_clear(numbers: list[int], currency: str) -> None:
    ways = [("", 0), ("k", 3), ("K", 3), ("M", 6)]
    written = [(number, *ways[row % 4]) for row, number in enumerate(numbers)]
    raw = table_of(x=[f"{currency}{number}{sign}" for number, sign, _ in written])
    schema = propose_schema(raw)
    assert type_table(raw, schema)["x"].to_pylist() == [number * 10.0**exponent for number, _, exponent in written]
    assert schema.column("x").reason.endswith(
        "; k is 10^3, M is 10^6, numbers without any are not multiplied: please check"
    )


def test_lakh_crore_and_plain_numbers_are_one_column() -> None:
    raw = table_of(x=["12 lakh", "1.5 crore", "22,000", "2.25 Cr", "35,000"] * 20)
    schema = propose_schema(raw)
    assert type_table(raw, schema)["x"].to_pylist() == [1_200_000, 15_000_000, 22_000, 22_500_000, 35_000] * 20


def test_an_m_alone_is_ambiguous_and_read_as_chosen() -> None:
    cells = [f"${number / 10}M" for number in range(300)]
    column = propose(cells, "income")
    assert (column.kind, column.reason) == (
        "ignored",
        "M can mean thousand or million (first: '$0.0M' in row 1): if these are amounts, choose the number format "
        "$5 M:1000 or $5 M:1000000; if not, write plain numbers or mark the column as categorical",
    )
    raw = table_of(income=cells)
    for example, factor in (("$5 M:1000", 100), ("$5 M:1000000", 100_000)):
        schema = SchemaChanges(number_formats={"income": format_of_example(example)}).apply(propose_schema(raw), raw)
        assert type_table(raw, schema)["income"].to_pylist() == [number * factor for number in range(300)]
    assert propose(cells[:90] * 2).kind == "ignored"
    few = propose([f"{number}M" for number in (5, 10, 12)] * 30)
    assert few.kind == "categorical"
    assert few.reason.startswith("3 different texts; M can mean thousand or million (first: '5M' in row 1)")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$712k", NumberFormat(affix="$", multipliers=("k",))),
        ("3,3 Mio. €", NumberFormat(decimal_mark=",", affix="€", multipliers=("million",))),
        ("5 M:1000", NumberFormat(multipliers=("M:1000",))),
        ("5k or 7.5 million or 12", NumberFormat(multipliers=("", "k", "million"))),
        ("₹5 L", NumberFormat(affix="₹", multipliers=("lakh",))),
        ("(1,234.50) or 5k", NumberFormat(thousands_mark=",", parentheses=True, multipliers=("", "k"))),
        ("21万元", NumberFormat(affix="元", multipliers=("万",))),
        ("5.7 ‰", NumberFormat(affix="‰")),
    ],
)
def test_an_example_shows_the_units_and_the_example_of_a_format_shows_it_again(
    text: str, expected: NumberFormat
) -> None:
    assert format_of_example(text) == expected
    assert format_of_example(expected.example) == expected


def test_an_example_with_an_ambiguous_unit_is_an_error() -> None:
    with pytest.raises(
        DataError, match=r"^M in '\$5M' can mean thousand or million\. Write '5k', '5 million' or '5 bn'"
    ):
        format_of_example("$5M")
    with pytest.raises(DataError, match=r"^'x' cannot multiply the numbers\. Choose from k, million, "):
        NumberFormat(multipliers=("x",))


@pytest.mark.parametrize(
    "texts",
    [
        ["XS", "S", "M", "L", "XL"],
        ["5M", "10M", "15M"],
        ["14k", "18k", "24k"],
        ["12 m", "24 m"],
        [f"{number}k" for number in range(1000, 1400)],
        [f"{number:05d}k" for number in range(990, 1400)],
        ["5L", "10L"],
        [f"{number}-{number + 2} years" for number in range(40)],
        [f"+49 170 {number:07d}" for number in range(1, 400)],
        [f"(030) {number:03d}-4567" for number in range(300)],
        [f"SW{number}A 1AA" for number in range(300)],
        [f"{number // 9}.{number % 9}.{number % 5}" for number in range(300)],
        [f"192.168.{number}.1" for number in range(200)],
        [f"{number} Downing Street" for number in range(300)],
        [f"K{number}" for number in range(300)],
        [f"{'<>'[number % 2]}{number}" for number in range(300)],
        [f"≈{number}" for number in range(300)],
        [f"{number} mm" for number in range(300)],
        ["1st", "2nd", "3rd"],
        ["May", "Mar", "June"],
    ],
)
def test_texts_with_digits_are_not_numbers(texts: list[str]) -> None:
    column = propose(texts * 3)
    assert column.kind not in ("numerical", "date"), column.reason
    assert "too many for categories" not in column.reason or not any(map(str.isdigit, texts[0]))


def test_digits_in_an_unknown_form_are_named_with_their_first_cells() -> None:
    column = propose([f"{number}yrs {number % 12}mon" for number in range(300)])
    assert (column.kind, column.reason) == (
        "ignored",
        "digits with 'yrs mon' in a form that is not supported (first: '0yrs 0mon' in row 1 and '1yrs 1mon' in row 2): "
        "if these are numbers or dates, write them as 1234.50 or 2023-01-15; if not, mark the column as categorical",
    )
    era = propose([f"令和{1 + number // 12}年{1 + number % 12}月{1 + number % 28}日" for number in range(300)])
    assert (era.kind, era.reason.split(" (")[0]) == (
        "ignored",
        "digits with '令和 年 月 日' in a form that is not supported",
    )
    days = [f"Sunday the {number % 28 + 1}. of {month} {number}" for number, month in enumerate(["May", "June"] * 150)]
    assert propose(days).reason == (
        "dates in a form that is not supported (first: 'Sunday the 1. of May 0' in row 1 and 'Sunday the 2. of June 1' "
        "in row 2): write them as 2023-01-15"
    )


def test_notes_with_digits_are_notes() -> None:
    notes = [f"Customer wrote on 12 March that the loan is for a car, {number} years old" for number in range(300)]
    assert propose(notes).reason == "300 different texts in 300 rows: too many for categories"


def test_a_few_cells_without_a_multiplier_lack_it() -> None:
    cells = [f"{number} lakh" for number in range(100, 200)] + ["22"]
    column = propose(cells)
    assert (column.kind, column.extra_markers) == ("numerical", ("22",))
    assert find_units(["5 m", "3 km"]).unclear == ("m",)
