"""Numbers: exactly as written, or not at all."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.errors import DataError
from riskmodel.tables.values.currencies import CURRENCIES, spellings_of
from riskmodel.tables.values.numbers import (
    AFFIXES,
    EXPONENTS,
    LEDGER,
    NumberFormat,
    clean_numbers,
    count_numbers,
    find_inexact,
    parse_numbers,
)

COMMA = NumberFormat(decimal_mark=",", thousands_mark=".")
POINT = NumberFormat(thousands_mark=",")
DOLLARS = NumberFormat(thousands_mark=",", affix="$", parentheses=True, trailing_minus=True)
PERCENT = NumberFormat(affix="%")
MARKS = [(decimal, mark) for decimal in ".," for mark in ("", ",", ".", " ", "'") if decimal != mark]


def read(text: str, number_format: NumberFormat) -> float | None:
    numbers, wrong = parse_numbers(pa.array([text]), number_format)
    number: float | None = numbers[0].as_py()
    assert wrong.tolist() == [number is None]
    return number


@pytest.mark.parametrize(
    ("text", "number_format", "number"),
    [
        ("1,234.50", POINT, 1234.5),
        ("1234.5", POINT, 1234.5),
        (" 1.234,50 ", COMMA, 1234.5),
        ("-1.234.567", COMMA, -1234567),
        ("1 234,5", NumberFormat(decimal_mark=",", thousands_mark=" "), 1234.5),
        ("1\u00a0234\u202f567", NumberFormat(thousands_mark=" "), 1234567),
        ("1’234'567.25", NumberFormat(thousands_mark="'"), 1234567.25),
        ("$60,000.00 ", DOLLARS, 60000),
        ("-$1", DOLLARS, -1),
        ("$ -1", DOLLARS, -1),
        ("($1,000.50)", DOLLARS, -1000.5),
        ("$(1)", DOLLARS, -1),
        ("(0)", DOLLARS, 0),
        ("12.5-", DOLLARS, -12.5),
        ("3 eur", NumberFormat(affix="EUR"), 3),
        ("EUR3", NumberFormat(affix="EUR"), 3),
        ("￥１２，３４５．５", NumberFormat(thousands_mark=",", affix="¥"), 12345.5),
        ("300元", NumberFormat(affix="元"), 300),
        ("12 %", PERCENT, 0.12),
        ("12.3%", PERCENT, 0.123),
        ("%12", PERCENT, 0.12),
        ("−5", NumberFormat(), -5),
        ("GH₵5", NumberFormat(affix="₵"), 5),
        ("5 IDR", NumberFormat(affix="IDR", trailing_minus=True), 5),
        ("١٬٢٣٤٫٥", NumberFormat(thousands_mark="'"), 1234.5),
        ("۱۲۳۴", NumberFormat(), 1234),
        ("₹१२.५", NumberFormat(affix="₹"), 12.5),
        ("1,5e3", NumberFormat(decimal_mark=","), 1500),
    ],
)
def test_a_number_is_what_is_written(text: str, number_format: NumberFormat, number: float) -> None:
    assert read(text, number_format) == number


@pytest.mark.parametrize(
    ("text", "number_format"),
    [
        *((text, POINT) for text in ("1,23,456", "12,34", "1.234,5", "1234,567", "0,123", "1,234,56", ",123", "1,")),
        *(
            (text, POINT)
            for text in ("1,234,5678", "1 234", "$1", "(1)", "1-", "--1", "+-1", "", "-", "1.2.3", "1,234e3")
        ),
        *((text, COMMA) for text in ("1,234.5", "1.23", "1.2345", "12.34.567")),
        *((text, DOLLARS) for text in ("$ 12 €", "$$1", "$1$", "(-$1)", "(1", "1)", "-1-", "$1e3", "$  1", "- 1", "$")),
        *((text, PERCENT) for text in ("12", "12%%", "%", "12 pct")),
        *((text, NumberFormat()) for text in ("inf", "nan", "1e999", "0x1", "1_0", "Ⅻ", "10²", "½", "①")),
        ("1  234", NumberFormat(thousands_mark=" ")),
        ("9,007,199,254,740,993", POINT),
    ],
)
def test_texts_in_another_format_are_not_numbers(text: str, number_format: NumberFormat) -> None:
    assert read(text, number_format) is None


def test_missing_cells_stay_missing_in_pieces_too() -> None:
    numbers, wrong = parse_numbers(pa.chunked_array([["$1"], [None, "x"], []], pa.string()), DOLLARS)
    assert (numbers.to_pylist(), wrong.tolist()) == ([1.0, None, None], [False, False, True])
    assert parse_numbers(pa.array([], pa.string()), DOLLARS)[0].to_pylist() == []


def formats() -> st.SearchStrategy[NumberFormat]:
    def build(marks: tuple[str, str], affix: str, parentheses: bool, trailing: bool) -> NumberFormat:
        return NumberFormat.model_validate(
            {"decimal_mark": marks[0], "thousands_mark": marks[1], "affix": affix}
            | {"parentheses": parentheses, "trailing_minus": trailing}
        )

    return st.builds(
        build,
        st.sampled_from(MARKS),
        st.sampled_from(("", *(affix for affix in AFFIXES if affix != LEDGER))),
        st.booleans(),
        st.booleans(),
    )


def write(number: Decimal, number_format: NumberFormat, draw: st.DrawFn) -> str:
    """The number in one notation of the format, by Python's formatting."""
    text = f"{abs(number):,f}" if draw(st.booleans()) else f"{abs(number):f}"
    text = text.translate({ord(","): number_format.thousands_mark, ord("."): number_format.decimal_mark})
    affix = number_format.affix
    if affix:
        space = draw(st.sampled_from(["", " ", "\u00a0", "\u202f"]))
        text = f"{affix}{space}{text}" if draw(st.booleans()) else f"{text}{space}{affix}"
    ways = [f"-{text}"] + [f"({text})"] * number_format.parentheses + [f"{text}-"] * number_format.trailing_minus
    return draw(st.sampled_from(ways)) if number.is_signed() else text


@settings(deadline=None)
@given(st.data(), formats(), st.decimals(-(10**15), 10**15, places=4))
def test_every_decimal_comes_back_as_the_nearest_float(
    data: st.DataObject, number_format: NumberFormat, number: Decimal
) -> None:
    places = data.draw(st.integers(0, 4))
    number = round(number, places) if places else number.to_integral_value()
    text = write(number, number_format, data.draw)
    assert read(text, number_format) == float(number.scaleb(EXPONENTS.get(number_format.affix, 0)))


def group_by_lakhs(whole: int) -> str:
    """By hand: the last three digits, then groups of two."""
    digits = str(whole)
    head, groups = digits[:-3], [digits[-3:]]
    while head:
        head, group = head[:-2], head[-2:]
        groups.insert(0, group)
    return ",".join(groups)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 10**12), min_size=1), st.sampled_from(["", "₹", "₹ ", "Rs. ", "Rs", "INR "]))
def test_indian_digit_grouping_comes_back(whole: list[int], before: str) -> None:
    affix = before.strip(" .")
    by_lakhs = NumberFormat(thousands_mark=",", grouping="lakhs", affix=affix)
    texts = [f"{before}{group_by_lakhs(number)}.25" for number in whole]
    assert [read(text, by_lakhs) for text in texts] == [number + 0.25 for number in whole]


def test_groups_that_are_neither_indian_nor_of_three_digits_are_rejected() -> None:
    by_lakhs = NumberFormat(thousands_mark=",", grouping="lakhs")
    assert read("12,34,567", by_lakhs) == read("1,234,567", by_lakhs) == read("1234567", by_lakhs) == 1234567
    for text in ("1,2,345", "123,45,678", "1,23,45", "0,12,345", "12,34,56,78", "1,234,56,789"):
        assert read(text, by_lakhs) is None


def test_a_currency_is_read_in_each_of_its_spellings_and_no_other() -> None:
    rupees = NumberFormat(thousands_mark=",", affix="₹")
    assert [read(text, rupees) for text in ("₹5", "Rs.5", "rs 5", "5 INR", "Rs. 1,000.50", "5")] == [5] * 4 + [
        1000.5,
        5,
    ]
    assert [read(text, rupees) for text in ("$5", "5 PKR", "€5")] == [None] * 3
    assert read("2.5 lakhs", NumberFormat(affix="lakh")) == 250_000
    assert read("1.2 Cr", NumberFormat(affix="crore")) == 12_000_000
    assert read("5", NumberFormat(affix="crore")) is None


def test_debits_are_negative_and_have_no_sign_of_their_own() -> None:
    ledger = NumberFormat(thousands_mark=",", affix="Cr/Dr")
    texts = ("1,234.50 Cr", "1,234.50 Dr", "5DR.", "cr 7", "0.00 Dr", "-3")
    assert [read(text, ledger) for text in texts] == [1234.5, -1234.5, -5, 7, 0, -3]
    assert [read(text, ledger) for text in ("-5 Dr", "(5) Dr", "5- Cr", "5 crore", "5 Cr Dr")] == [None] * 5


def naive(text: str, number_format: NumberFormat) -> Decimal:
    """The number by dropping whatever is not a digit or the decimal mark: slow, lax, and written independently."""
    cleaned = text.strip()
    if number_format.affix.isalpha():
        cleaned = cleaned.upper().replace(number_format.affix.upper(), "")
    negative = any(sign in cleaned.lower().split("e")[0] for sign in "-−(－") or cleaned.endswith("-")
    kept = "".join(
        character
        for character in cleaned
        if character.isdigit() or character in "eE" or character == number_format.decimal_mark
    )
    number = Decimal(kept.replace(",", "."))
    return -number if negative else number


@settings(deadline=None)
@given(formats(), st.text("0123456789.,' -+()$€%\u00a0", max_size=12))
def test_any_other_text_is_rejected_or_read_the_same(number_format: NumberFormat, text: str) -> None:
    number = read(text, number_format)
    if number is not None:
        assert number == float(naive(text, number_format).scaleb(EXPONENTS.get(number_format.affix, 0)))


@settings(deadline=None)
@given(formats(), formats())
def test_formats_that_differ_have_examples_that_differ(one: NumberFormat, other: NumberFormat) -> None:
    assert (one.example == other.example) == (one == other)
    first = one.example.split(" or ")[0]
    assert read(first, one) is not None


def test_impossible_formats_are_errors() -> None:
    with pytest.raises(DataError, match=r"',' cannot be both the decimal mark and the thousands mark"):
        NumberFormat(decimal_mark=",", thousands_mark=",")
    with pytest.raises(DataError, match=r"'apples' is not a known currency\. Choose a code such as EUR"):
        NumberFormat(affix="apples")
    with pytest.raises(DataError, match=r"Indian digit grouping needs a thousands mark"):
        NumberFormat(grouping="lakhs")


def test_only_whole_numbers_that_change_are_inexact() -> None:
    texts = pa.array(
        ["9007199254740992", "9007199254740993", "-9007199254740993.0", "9007199254740993.5", "1e300", None]
    )
    result = find_inexact(texts, texts.cast(pa.float64()))
    assert result is not None
    assert result.tolist() == [False, True, True, False, False, False]
    assert find_inexact(pa.array(["9007199254740991"]), pa.array([9007199254740991.0])) is None


@pytest.mark.parametrize(
    ("texts", "number_format", "count"),
    [
        (["$60,000.00", "$1,23", "12", "($1.50)", "EUR 3"], DOLLARS, 3),
        (["1.234,50", "1,234.50"], COMMA, 1),
        (["a", "b"], POINT, 0),
        ([], POINT, 0),
        # Infinite as a float: by its exponent, and by its digits (the largest float64 has 309).
        (["1e999", "1E5", "12"], POINT, 2),
        (["9" * 400, "9" * 305, "5"], POINT, 2),
        (["$" + "9" * 400, "$5"], DOLLARS, 1),
        (["9" * 400 + "%", "50%"], PERCENT, 1),
    ],
)
def test_finite_numbers_of_a_format_are_counted(texts: list[str], number_format: NumberFormat, count: int) -> None:
    assert count_numbers(pa.array(texts, pa.string()), number_format) == count


@given(
    texts=st.lists(st.text("0123456789.,'-+()$%eE U", min_size=1).map(str.strip), max_size=8),
    affix=st.sampled_from(["", "$", "%", "USD"]),
    marks=st.sampled_from(MARKS),
)
@settings(max_examples=200, deadline=None)
def test_as_many_numbers_are_counted_as_are_read(texts: list[str], affix: str, marks: tuple[str, str]) -> None:
    number_format = NumberFormat.model_validate(
        {"decimal_mark": marks[0], "thousands_mark": marks[1], "affix": affix, "parentheses": True}
    )
    cells = pa.array(texts, pa.string())
    wrong = parse_numbers(cells, number_format, exact=False)[1]
    assert count_numbers(clean_numbers(cells), number_format) == len(texts) - wrong.sum()


def test_every_spelling_of_every_currency_is_read_with_and_without_multipliers() -> None:
    for currency in CURRENCIES:
        number_format = NumberFormat(affix=currency, multipliers=("", "k", "million"), trailing_minus=True)
        for spelling in spellings_of(currency):
            texts = [f"{spelling}5k", f"5k {spelling}", f"{spelling} 5.5 million", f"5.5{spelling}", f"5 {spelling}-"]
            result = parse_numbers(pa.array(texts), number_format)[0].to_pylist()
            assert result == [5000, 5000, 5_500_000, 5.5, -5], spelling
