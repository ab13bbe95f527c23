"""Ratios and differences by hand."""

import numpy as np
import pytest

from riskmodel.features.numbers.pairs import Pair, PairColumn

DEBT, INCOME = PairColumn(name="debt"), PairColumn(name="income")


def test_a_ratio_is_an_angle_that_rises_with_the_quotient() -> None:
    pair = Pair(operation="ratio", first=DEBT, second=INCOME, unit=2.0)
    # A debt of 3 at an income of 6 is a debt of 3 at 6 / 2 = 3 units: 45°; without a debt 0°; without an income 90°.
    angles = np.degrees(pair.compute(np.array([3.0, 0.0, 5.0]), np.array([6.0, 4.0, 0.0])))
    assert angles.tolist() == pytest.approx([45.0, 0.0, 90.0])
    debts = np.linspace(0.0, 50.0, 100)
    assert (np.diff(pair.compute(debts, np.full(100, 7.0))) > 0).all()


def test_a_ratio_distinguishes_the_negative_part() -> None:
    pair = Pair(operation="ratio", first=DEBT, second=INCOME)
    angles = np.degrees(pair.compute(np.array([1.0, -1.0, 1.0, -1.0]), np.array([1.0, -1.0, -1.0, 1.0])))
    assert angles.tolist() == pytest.approx([45.0, -135.0, 135.0, -45.0])


def test_a_ratio_of_nothing_to_nothing_is_missing() -> None:
    pair = Pair(operation="ratio", first=DEBT, second=INCOME)
    assert np.isnan(pair.compute(np.array([0.0, np.nan, 1.0]), np.array([0.0, 1.0, np.nan]))).all()


def test_a_difference_is_one_less_the_other() -> None:
    pair = Pair(operation="difference", first=DEBT, second=INCOME)
    found = pair.compute(np.array([5.0, np.nan, 1.0]), np.array([7.0, 1.0, np.nan]))
    assert found[0] == -2.0 and np.isnan(found[1:]).all()


def test_special_codes_are_missing() -> None:
    columns = {"first": PairColumn(name="debt", codes=(-9.0,)), "second": PairColumn(name="income", codes=(98.0, 99.0))}
    found = Pair(operation="difference", **columns).compute(np.array([-9.0, 1.0, 99.0]), np.array([1.0, 98.0, -9.0]))
    assert np.isnan(found).tolist() == [True, True, False] and found[2] == 108.0


def test_a_number_that_ends_is_read_up_to_its_largest() -> None:
    pair = Pair(operation="difference", first=PairColumn(name="late", largest=5.0), second=DEBT)
    assert pair.compute(np.array([4.0, 5.0, 9.0]), np.array([1.0, 9.0, 9.0])).tolist() == [3.0, -4.0, -4.0]


def test_the_largest_numbers_stay_finite() -> None:
    pair = Pair(operation="difference", first=DEBT, second=INCOME)
    assert np.isfinite(pair.compute(np.array([1e308]), np.array([-1e308]))).all()


def test_a_pair_describes_itself() -> None:
    ratio = Pair(operation="ratio", first=DEBT, second=INCOME, unit=1234.5678)
    assert ratio.name == "debt ÷ income" and ratio.treatment == "ratio of 'debt' to 'income', as an angle in radians"
    difference = Pair(operation="difference", first=DEBT, second=INCOME)
    assert difference.name == "debt − income" and difference.treatment == "difference of 'debt' and 'income'"
