"""The population stability index against worked examples."""

import math

import numpy as np
import pytest

from riskmodel.evaluation.psi import compute_psi, psi_by_chance


def test_a_worked_example() -> None:
    # (0.25 - 0.5) ln(0.25/0.5) + (0.75 - 0.5) ln(0.75/0.5) = 0.173287 + 0.101366
    assert compute_psi([50, 50], [25, 75]) == pytest.approx(0.274653, abs=1e-6)
    assert compute_psi([50, 50], [500, 500]) == 0
    assert compute_psi([1, 3], [3, 1]) == compute_psi([3, 1], [1, 3])


def test_a_bin_without_customers_counts_a_ten_thousandth_and_an_empty_side_has_none() -> None:
    assert compute_psi([100, 0], [50, 50]) == pytest.approx(-0.5 * math.log(0.5) + 0.4999 * math.log(0.5 / 1e-4))
    assert math.isnan(compute_psi([0, 0], [1, 2]))


def test_the_mean_psi_of_equal_distributions_is_that_expected_by_chance() -> None:
    rng = np.random.default_rng(5)
    shares = np.full(10, 0.1)
    found = [compute_psi(rng.multinomial(800, shares), rng.multinomial(400, shares)) for _ in range(400)]
    expected = psi_by_chance(np.full(10, 80), np.full(10, 40))
    assert expected == pytest.approx(9 * (1 / 800 + 1 / 400))
    assert np.mean(found) == pytest.approx(expected, rel=0.1)
