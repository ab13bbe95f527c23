"""Information value and univariate AUC, by hand and by scikit-learn."""

from math import log

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from riskmodel.evaluation.metrics import compute_metrics
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.profiling import univariate
from riskmodel.tables.profiling.univariate import ColumnStrength, Univariate, compute_univariate
from riskmodel.tables.schema.schema import Column, ColumnKind, Schema


def make(bad: object, kind: ColumnKind = "numerical", **columns: object) -> Dataset:
    frame = pd.DataFrame({**columns, "bad": bad}).astype(str)
    described = [Column(name=name, kind=kind) for name in columns]
    schema = Schema(columns=(*described, Column(name="bad", kind="target")), bad_values=("1",), good_values=("0",))
    return Dataset.from_frame(frame, schema)


def measure(bad: object, values: object, kind: ColumnKind = "numerical") -> ColumnStrength:
    return compute_univariate(make(bad, kind, x=values)).columns["x"]


def test_information_value_by_hand() -> None:
    # Value 1: 6 good, 2 bad; value 2: 2 good, 3 bad. Half a customer more in each cell.
    strength = measure([0] * 6 + [1] * 2 + [0] * 2 + [1] * 3, [1] * 8 + [2] * 5)
    expected = (6.5 / 9 - 2.5 / 6) * log(6.5 / 9 / (2.5 / 6)) + (2.5 / 9 - 3.5 / 6) * log(2.5 / 9 / (3.5 / 6))
    assert strength.iv == pytest.approx(expected)


def test_missing_cells_are_a_bin_of_their_own() -> None:
    with_missing = measure([0] * 6 + [1] * 2 + [0] * 2 + [1] * 3, [1] * 8 + [""] * 5)
    expected = (6.5 / 9 - 2.5 / 6) * log(6.5 / 9 / (2.5 / 6)) + (2.5 / 9 - 3.5 / 6) * log(2.5 / 9 / (3.5 / 6))
    assert with_missing.iv == pytest.approx(expected)
    assert with_missing.auc == 0.5, "one value only: every pair counts one half"


def test_auc_and_interval_of_numbers_equal_scikit_learn_and_delong() -> None:
    generator = np.random.default_rng(1)
    bad = (generator.random(400) < 0.3).astype(int)
    values = np.round(generator.normal(size=400) + bad, 1)
    strength = measure(bad, values)
    metrics = compute_metrics(bad, (values - values.min()) / np.ptp(values))
    assert strength.auc == pytest.approx(roc_auc_score(bad, values))
    assert (strength.auc_low, strength.auc_high) == pytest.approx((metrics.auc_low, metrics.auc_high))
    assert strength.is_rising is True

    falling = measure(bad, -values)
    assert (falling.auc, falling.auc_low, falling.auc_high) == pytest.approx(
        (strength.auc, strength.auc_low, strength.auc_high)
    )
    assert falling.is_rising is False


def test_a_pair_with_a_missing_value_counts_one_half() -> None:
    # Pairs of bad (3, missing) and good (1, 2, missing): 3 wins twice, four pairs of six have a missing value.
    strength = measure([1, 1, 0, 0, 0], [3, "", 1, 2, ""])
    assert strength.auc == pytest.approx((2 + 4 * 0.5) / 6)


def test_dates_are_ordered() -> None:
    strength = measure([0, 1, 0, 1], ["2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01"], "date")
    assert strength.auc == 0.75 and strength.is_rising is True


def test_random_categories_are_not_predictive_and_true_ones_are() -> None:
    generator = np.random.default_rng(5)
    bad = (generator.random(4000) < 0.25).astype(int)
    noise = measure(bad, generator.integers(0, 1500, 4000), "categorical")
    assert noise.auc_low <= 0.5 <= noise.auc_high and abs(noise.auc - 0.5) < 0.03
    assert noise.iv < 0.02, "rare categories share a bin"
    group = np.where(generator.random(4000) < 0.2, 1 - bad, bad)  # equal to the outcome for four of five
    strong = measure(bad, group, "categorical")
    assert strong.auc == pytest.approx(max(roc_auc_score(bad, group), 0.5), abs=0.01)
    assert strong.auc_low > 0.75 and strong.is_rising is None


def test_noise_is_covered_by_the_interval_nineteen_times_of_twenty() -> None:
    generator = np.random.default_rng(7)
    bad = (generator.random(1500) < 0.2).astype(int)
    columns = {f"c{place}": generator.integers(0, 40, 1500) for place in range(100)}
    found = compute_univariate(make(bad, "categorical", **columns)).columns.values()
    covered = sum(strength.auc_low <= 0.5 <= strength.auc_high for strength in found)
    assert 88 <= covered <= 100


def test_undetermined_customers_do_not_count() -> None:
    assert measure([0, 1, 0, 1, 2], [1, 2, 3, 4, 99]) == measure([0, 1, 0, 1], [1, 2, 3, 4])


def test_constant_empty_and_unused_columns() -> None:
    found = compute_univariate(make([0, 1] * 4, same=[5] * 8, empty=[""] * 8))
    assert set(found.columns) == {"same"}
    assert found.columns["same"].iv == 0 and found.columns["same"].auc == 0.5
    ignored = compute_univariate(make([0, 1] * 4, "ignored", x=range(8)))
    assert ignored.columns == {}


def test_one_outcome_only_has_no_figures() -> None:
    dataset = make([0, 1, 0], x=[1, 2, 3])
    assert compute_univariate(Dataset(dataset.table.take([0, 2]), dataset.schema, "good")) == Univariate()


def test_many_customers_are_sampled_by_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(3)
    bad = (generator.random(3000) < 0.1).astype(int)
    values = generator.normal(size=3000) + bad
    everything = measure(bad, values)
    monkeypatch.setattr(univariate, "MAX_PER_OUTCOME", 800)
    found = compute_univariate(make(bad, x=values))
    assert (found.num_bads, found.num_goods) == (int(bad.sum()), 800)
    assert found.sampled == (
        f"IV and AUC are computed from {bad.sum()} bad and 800 good customers, drawn at random."
    )  # fmt: skip
    assert found.columns["x"].auc == pytest.approx(everything.auc, abs=0.02)
    assert compute_univariate(make(bad, x=values)) == found
