"""Guesses of the format of cells that do not fit their column's format."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.tables.evidence.writing_guess import guess_writing
from riskmodel.tables.schema.schema import Column
from riskmodel.tables.values.number_formats import format_of_example
from riskmodel.tables.values.numbers import NumberFormat, parse_numbers

PLAIN = Column(name="income", kind="numerical")
COMMAS = Column(name="income", kind="numerical", number_format=NumberFormat(decimal_mark=",", thousands_mark="."))

SHARE = Column(name="rate", kind="numerical", number_format=NumberFormat(affix="%"))
SINCE = Column(name="since", kind="date")


@pytest.mark.parametrize(
    ("column", "texts", "beginning"),
    [
        (PLAIN, ["1.234,56", "7,5"], "Written with decimal commas? The model expects numbers like 1234.50."),
        (COMMAS, ["1234.56", "7.25"], "Written with decimal points? The model expects numbers like 1.234,50."),
        (PLAIN, ["$1,234.50", "$7.25"], "Written with '$'? The model expects numbers like 1234.50."),
        (PLAIN, ["1,234,567.5", "7,250.1"], "Written with marks between thousands? The model expects numbers like"),
        (PLAIN, ["low", "high"], ""),
        (PLAIN, [], ""),
        (
            Column(name="since", kind="date"),
            ["28.02.2019", "1.3.2020"],
            "Written as %d.%m.%Y? The model expects %Y-%m-%d.",
        ),
        (Column(name="since", kind="date"), ["soon"], ""),
    ],
)
def test_the_likely_format_is_named(column: Column, texts: list[str], beginning: str) -> None:
    result = guess_writing(column, texts)
    assert (result.question if result else "").startswith(beginning) and bool(result) == bool(beginning)


@pytest.mark.parametrize(
    ("column", "texts", "usual", "remedy"),
    [
        (PLAIN, ["1.234,56", "7,5"], None, "If so, set the number format of 'income' to '1.234,50'."),
        (SINCE, ["28.02.2019", "1.3.2020"], None, "If so, set the date format of 'since' to '%d.%m.%Y'."),
        (SINCE, ["28.02.19", "01.03.20"], None, "Write them as the training file does."),  # of which century?
        (
            SHARE,
            ["0.229"],
            (0.05, 0.3),
            "'0.229' would then mean 22.9 %. If so, set the number format of 'rate' to '1234.50'.",
        ),
        (
            SHARE,
            ["22.9", "8.1"],
            (0.05, 0.3),
            "'22.9' would then mean 2290 %, but most numbers of the training file are between 0.05 and 0.3: write "
            "these numbers as the training file does.",
        ),
        (
            PLAIN,
            ["22.9%", "8.1%"],
            (5.0, 31.0),
            "'22.9%' would then mean 0.229, but most numbers of the training file are between 5 and 31: write these "
            "numbers as the training file does.",
        ),
    ],
)
def test_the_format_is_named_unless_the_numbers_would_be_of_another_scale(
    column: Column, texts: list[str], usual: tuple[float, float] | None, remedy: str
) -> None:
    result = guess_writing(column, texts, usual)
    assert result is not None and result.remedy == remedy


def test_dates_in_two_possible_formats_name_both_despite_other_texts() -> None:
    result = guess_writing(SINCE, ["03/04/2020"] * 19 + ["n/k"])
    assert result is not None and result.question.startswith("Written as %d/%m/%Y or %m/%d/%Y?")
    result = guess_writing(SINCE, ["03/04/2020"] * 19 + ["25/04/2020"])
    assert result is not None and result.question.startswith("Written as %d/%m/%Y?")


AFFIXES = ("", "%", "€", "USD", "₹")


@given(
    st.builds(
        NumberFormat,
        decimal_mark=st.sampled_from([".", ","]),
        thousands_mark=st.sampled_from(["", " ", "'"]),
        affix=st.sampled_from(AFFIXES),
        parentheses=st.booleans(),
    )
)
def test_the_example_that_is_named_stands_for_the_format_of_the_cells(seems: NumberFormat) -> None:
    expected = NumberFormat(thousands_mark=",", affix="£")
    texts = [seems.example.split(" or ")[0], seems.example.split(" or ")[-1]]
    result = guess_writing(Column(name="x", kind="numerical", number_format=expected), texts)
    if result is not None and result.example:
        chosen = format_of_example(result.example)
        cells = pa.array(texts)
        assert parse_numbers(cells, chosen)[0].equals(parse_numbers(cells, seems)[0])
