"""How cells seem to be written that cannot be read as their column is."""

import pytest

from riskmodel.tables.numbers import NumberFormat
from riskmodel.tables.schema import Column
from riskmodel.tables.writing_guess import guess_writing

PLAIN = Column(name="income", kind="numerical")
COMMAS = Column(name="income", kind="numerical", number_format=NumberFormat(decimal_mark=",", thousands_mark="."))


@pytest.mark.parametrize(
    ("column", "texts", "said"),
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
def test_the_likely_way_is_named(column: Column, texts: list[str], said: str) -> None:
    found = guess_writing(column, texts)
    assert found.startswith(said) and bool(found) == bool(said)
