"""The trend beyond the largest training value of few whole numbers."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from riskmodel.features.numbers.trend import Trend, ValueTable, fit_line, fit_trend


def repeat(by_value: dict[float, tuple[int, int]]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int8]]:
    """Values and outcomes of customers: for each value how many have it, and how many of these are bad."""
    values = np.concatenate([np.full(customers, value) for value, (customers, _) in by_value.items()])
    bad = np.concatenate([np.arange(customers) < bad for customers, bad in by_value.values()])
    return values, bad.astype(np.int8)


EVEN = {0: (125, 25), 1: (150, 50), 2: (100, 50)}  # log-odds of −log 4, −log 2 and 0


def test_an_even_trend_has_the_slope_of_its_log_odds_less_its_chance() -> None:
    trend = fit_trend(*repeat(EVEN))
    line = fit_line(ValueTable.count(*repeat(EVEN)))
    assert line.slope == pytest.approx(np.log(2), abs=1e-3)
    # The information of the slope: Σ n p (1 − p) (x − mean)², with 20, 33.3 and 25 customers' worth at 0, 1 and 2.
    weights, values = np.array([20, 100 / 3, 25]), np.arange(3)
    information = np.sum(weights * (values - np.average(values, weights=weights)) ** 2)
    assert line.error == pytest.approx(information**-0.5, rel=1e-3)
    assert trend is not None and (trend.largest, trend.width) == (2, 2)
    assert trend.slope == pytest.approx(np.log(2) * (1 - (line.error / np.log(2)) ** 2), abs=1e-3)


@pytest.mark.parametrize(
    ("by_value", "sign"),
    [
        (EVEN, 1),
        ({0: (100, 50), 1: (150, 50), 2: (125, 25)}, -1),
        ({0: (100, 40), 1: (100, 10), 2: (100, 8), 3: (100, 45)}, 1),  # a U: its end rises
        ({0: (300, 150), 1: (100, 10), 2: (60, 6), 3: (60, 30)}, 1),  # and so where most have the smallest value
        ({0: (100, 10), 1: (100, 40), 2: (100, 40), 3: (100, 12)}, -1),
        ({0: (100, 10), 1: (100, 11), 2: (100, 42), 3: (100, 40)}, 1),  # a step: the whole decides
        ({0: (100, 10), 1: (100, 10), 2: (100, 10)}, 0),
        ({0: (300, 150), 1: (100, 20), 2: (100, 20), 3: (100, 30)}, 0),  # the end contradicts the whole by 1.6 errors
        ({0: (100, 0), 1: (100, 0), 2: (100, 100)}, 1),  # separated
        ({0: (100, 0), 1: (100, 0), 2: (100, 0)}, 0),  # outcomes of one kind
        ({0: (200, 20), 1: (100, 40), 7: (1, 0)}, 1),  # one customer is no group
    ],
)
def test_direction_at_the_end(by_value: dict[float, tuple[int, int]], sign: int) -> None:
    trend = fit_trend(*repeat(by_value))
    assert trend is not None and np.sign(trend.slope) == sign and np.isfinite(trend.slope)


def test_a_trend_against_a_monotone_columns_direction_is_none() -> None:
    slopes = [trend.slope for each in (1, -1) if (trend := fit_trend(*repeat(EVEN), direction=each))]
    assert slopes[0] > 0 and slopes[1] == 0


@pytest.mark.parametrize(
    ("values", "has_trend"),
    [
        ([0, 1, 2], True),
        ([-2, -1, 8], True),
        ([12, 36, 60], True),
        ([0, 1], False),
        ([0, 0.5, 1], False),
        (list(range(21)), True),
        (list(range(22)), False),
        ([0] * 1_000 + list(range(30)), False),
        ([0, 1] * 500 + [2, 2.5], False),
    ],
)
def test_columns_of_few_whole_numbers_have_a_trend(values: list[float], has_trend: bool) -> None:
    found = fit_trend(np.array(values, np.float64), np.arange(len(values)).astype(np.int8) % 2)
    assert (found is not None) == has_trend


def test_the_offset_is_damped() -> None:
    offset = Trend(largest=3, width=3, slope=-0.5).compute_offset(np.array([-1.0, 3, 4, 6, 1e300]))
    expected = [0, 0, -1.5 * np.log(4 / 3), -1.5 * np.log(2), -1.5 * np.log(1e300 / 3)]
    np.testing.assert_allclose(offset, expected, rtol=1e-9)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    slope=st.floats(0.3, 1.2),
    sign=st.sampled_from([-1, 1]),
    largest=st.integers(3, 15),
    decay=st.floats(0.45, 0.9),
)
def test_even_trends_never_get_the_other_direction(
    seed: int, slope: float, sign: int, largest: int, decay: float
) -> None:
    """Counts whose frequency falls from value to value, so that few customers have the largest ones."""
    random = np.random.default_rng(seed)
    shares = decay ** np.arange(largest + 1)
    values = np.concatenate([random.choice(largest + 1, 1_500, p=shares / shares.sum()), [0, 1, largest]]).astype(float)
    bad = (random.random(len(values)) < 1 / (1 + np.exp(1.5 - sign * slope * values))).astype(np.int8)
    trend = fit_trend(values, bad)
    assert trend is not None and trend.slope * sign >= 0


@given(st.lists(st.integers(5, 35), min_size=3, max_size=8))
def test_the_line_is_scikit_learns(num_bad: list[int]) -> None:
    values, bad = repeat({float(value): (40, each) for value, each in enumerate(num_bad)})
    inputs = (values[:, None] - values.mean()) / values.std()
    expected = LogisticRegression(C=1e3, tol=1e-10, max_iter=1_000).fit(inputs, bad)
    line = fit_line(ValueTable.count(values, bad))
    assert line.slope * values.std() == pytest.approx(expected.coef_[0, 0], rel=0.01, abs=1e-4)
