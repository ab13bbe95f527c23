"""Months recognized by column names and ordered."""

import pytest

from riskmodel.errors import ConfigError
from riskmodel.inputs.series import find_series, locate_series
from riskmodel.inputs.shape import InputFeature, InputShape

NAMES = ("AGE", "PAY_0", "BILL1", "PAY_2", "BILL2", "PAY_3", "BILL3", "Q1", "Q2", "LONG1", "LONG2", "LONG3", "LONG10")
SHAPE = InputShape(
    14, (), (*(InputFeature(name, place) for place, name in enumerate(NAMES)), InputFeature("city", None, (13,)))
)


def test_series_are_columns_that_differ_in_their_last_number() -> None:
    found = find_series(NAMES)
    assert list(found) == ["PAY_", "BILL", "LONG"]
    assert list(found["LONG"].values()) == ["LONG1", "LONG2", "LONG3", "LONG10"]


def test_the_oldest_month_comes_first() -> None:
    low = locate_series(SHAPE, ("PAY_", "BILL"), "lowest")
    assert low.positions == ((5, 6), (3, 4), (1, 2))  # PAY_3 and BILL3, …, PAY_0 and BILL1
    assert locate_series(SHAPE, ("PAY_", "BILL"), "highest").positions == ((1, 2), (3, 4), (5, 6))
    assert low.others == (0, 7, 8, 9, 10, 11, 12, 13)
    assert low.num_months == 3


def test_unasked_the_length_that_most_columns_have_is_taken() -> None:
    assert locate_series(SHAPE, (), "lowest").names == ("PAY_", "BILL")
    assert locate_series(SHAPE, ("LONG",), "lowest").num_months == 4


@pytest.mark.parametrize(
    ("shape", "chosen", "words"),
    [
        (SHAPE, ("LOAN",), r"no series 'LOAN'.*Series found: 'PAY_', 'BILL', 'LONG'\."),
        (SHAPE, ("PAY_", "LONG"), r"'PAY_' has 3, 'LONG' has 4\. Choose series of one length"),
        (InputShape(1, (), (InputFeature("AGE", 0),)), (), "months of a series, such as BILL_AMT1"),
    ],
)
def test_an_invalid_series_raises(shape: InputShape, chosen: tuple[str, ...], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        locate_series(shape, chosen, "lowest")
