"""The AUC of one column: by rank equal to scikit-learn's, by categories out of sample."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from riskmodel.tables.arrow import strings
from riskmodel.tables.checks.leaks.column_values import ColumnValues
from riskmodel.tables.checks.leaks.outcome_strength import measure_strength, split_halves

GENERATOR = np.random.default_rng(0)
BAD = (GENERATOR.random(2000) < 0.2).astype(np.int8)


def column(values: np.ndarray, reads: str = "numbers", present: np.ndarray | None = None) -> ColumnValues:
    known = np.ones(len(values), dtype=bool) if present is None else present
    return ColumnValues("x", reads, False, values.astype(float), known, strings([]))  # type: ignore[arg-type]


def test_a_number_has_the_auc_of_its_ranks() -> None:
    values = GENERATOR.normal(size=2000) - BAD
    strength = measure_strength(column(values), BAD, split_halves(BAD))
    assert strength.way == "lower"
    assert strength.auc == pytest.approx(roc_auc_score(BAD, -values))


def test_levels_are_evaluated_out_of_sample() -> None:
    halves = split_halves(BAD)
    alone = measure_strength(column(np.arange(2000), "levels"), BAD, halves)
    assert alone.auc == 0.5


def test_single_values_in_the_middle_are_detected_by_levels() -> None:
    values = np.where(BAD == 1, 5, GENERATOR.choice([0, 10], 2000))
    strength = measure_strength(column(values), BAD, split_halves(BAD))
    assert (strength.way, strength.auc) == ("levels", 1.0)


def test_missingness_counts_as_a_level() -> None:
    strength = measure_strength(column(GENERATOR.normal(size=2000), present=BAD == 0), BAD, split_halves(BAD))
    assert strength.auc == 1.0


def test_halves_are_stratified_and_reproducible() -> None:
    halves = split_halves(BAD)
    assert abs(int(BAD[halves].sum()) - int(BAD[~halves].sum())) <= 1
    assert np.array_equal(halves, split_halves(BAD))


def test_two_levels_have_the_auc_worked_out_by_hand() -> None:
    bad = np.tile([1, 0], 500)
    # Of 1,000 customers 400 bad and 100 good ones have category 1:
    # P(bad above good) = .8 · .8 + (.8 · .2 + .2 · .8) / 2.
    level = np.where(bad == 1, np.arange(1000) // 2 % 5 < 4, np.arange(1000) // 2 % 5 < 1)
    strength = measure_strength(column(level, "levels"), bad, split_halves(bad))
    assert strength.auc == pytest.approx(0.8, abs=1e-9)
