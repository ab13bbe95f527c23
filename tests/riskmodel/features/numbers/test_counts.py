"""Recognition of counts, and groups of their values that differ in risk."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from riskmodel.features.numbers.counts import find_groups, is_count


def repeat(by_value: dict[float, tuple[int, int]]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int8]]:
    """Values and outcomes of customers: for each value how many have it, and how many of these are bad."""
    values = np.concatenate([np.full(customers, value) for value, (customers, _) in by_value.items()])
    bad = np.concatenate([np.arange(customers) < bad for customers, bad in by_value.values()])
    return values, bad.astype(np.int8)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 1, 2], True),
        ([1, 2, 20], True),
        ([0, 1], False),
        ([0, 1, 21], False),
        ([-1, 0, 1], False),
        ([0, 0.5, 1], False),
        (list(range(10)), True),
        (list(range(11)), False),
        ([], False),
    ],
)
def test_a_count_has_three_to_ten_whole_numbers_from_0_to_20(values: list[float], expected: bool) -> None:
    assert is_count(np.array(values, np.float64)) is expected


@pytest.mark.parametrize(
    ("by_value", "expected"),
    [
        # The trend of a symmetric U is flat at 60 of 300: X² = (10² + 20² + 10²) / 16 = 37.5, more than 2 · 1.
        ({0: (100, 10), 1: (100, 40), 2: (100, 10)}, (0, 1, 2)),
        # X² = (2² + 4² + 2²) / 16 = 1.5, less than 2.
        ({0: (100, 18), 1: (100, 24), 2: (100, 18)}, ()),
        # Log-odds of -log 4, -log 2 and 0 are a line.
        ({0: (125, 25), 1: (150, 50), 2: (100, 50)}, ()),
        # One customer of five is bad, so a group needs 5 / .2 = 25 customers: 2 and 3 are joined, as are 5 and 8.
        (
            {0: (100, 10), 1: (100, 40), 2: (20, 2), 3: (20, 2), 4: (40, 4), 5: (20, 2), 8: (15, 3)},
            (0, 1, 2, 4, 5),
        ),
        # The ten customers of the largest value are too few for a group of their own.
        ({0: (100, 10), 1: (100, 40), 2: (90, 9), 7: (10, 1)}, (0, 1, 2)),
        # Two groups are a line in any case.
        ({0: (100, 10), 1: (100, 40), 2: (10, 0)}, ()),
        # Outcomes of one kind.
        ({0: (100, 0), 1: (100, 0), 2: (100, 0)}, ()),
        # Outcomes that the value separates are a trend too.
        ({0: (100, 0), 1: (100, 0), 2: (100, 100)}, ()),
    ],
)
def test_groups_are_kept_where_bad_rates_depart_from_the_trend(
    by_value: dict[float, tuple[int, int]], expected: tuple[float, ...]
) -> None:
    assert find_groups(*repeat(by_value)) == expected


@given(st.lists(st.integers(0, 40), min_size=3, max_size=8))
def test_the_departure_is_pearsons_from_scikit_learns_trend(num_bad: list[int]) -> None:
    by_value = {float(value): (40, bad) for value, bad in enumerate(num_bad)}
    values, bad = repeat(by_value)
    groups = find_groups(values, bad)
    rate = bad.mean()
    if min(rate, 1 - rate) < 5 / 40:
        return  # values are joined
    line = LogisticRegression(C=1e3, tol=1e-8).fit(values[:, None], bad)
    p = line.predict_proba(np.arange(len(num_bad), dtype=float)[:, None])[:, 1]
    departure = np.sum((num_bad - 40 * p) ** 2 / np.maximum(40 * p * (1 - p), 1e-9))
    limit = 2 * (len(num_bad) - 2)
    if abs(departure / limit - 1) > 0.05:
        assert bool(groups) == (departure > limit)
        assert groups in ((), tuple(by_value))
