"""Correlated numbers, compared with SciPy's rank correlation."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from riskmodel.tables.checks.correlation import correlate_ranks, find_correlated, group_correlated
from riskmodel.tables.checks.groups import group_linked
from riskmodel.tables.quality import check_quality
from tests.riskmodel.tables.checks.tables import half_bad, make_dataset

GENERATOR = np.random.default_rng(1)
ROWS = 500
X = GENERATOR.normal(size=ROWS)


def test_ranks_correlate_as_in_scipy_also_with_ties() -> None:
    values = np.stack([X, np.exp(X) + 0.3 * GENERATOR.normal(size=ROWS), np.round(X)])
    expected = spearmanr(values, axis=1).statistic
    assert correlate_ranks(values) == pytest.approx(expected, abs=1e-9)


def test_rows_without_both_numbers_are_ignored() -> None:
    values = np.stack([X, 2 * X])
    values[1, :200] = np.nan
    assert correlate_ranks(values)[0, 1] == pytest.approx(1.0, abs=1e-3)  # ranks are taken before the gaps
    for start in (250, 0):
        values[1, start:] = np.nan
        assert correlate_ranks(values)[0, 1] == 0.0


@pytest.mark.parametrize("block", [1, 2, 256])
def test_groups_are_transitive_and_one_column_is_kept(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riskmodel.tables.checks.correlation._BLOCK", block)
    near = X + 0.1 * GENERATOR.normal(size=ROWS)
    columns = {"x": X, "cube": X**3, "against": -near, "copy": X, "other": GENERATOR.normal(size=ROWS)}
    dataset = make_dataset({}, **columns, bad=half_bad(ROWS))
    [finding] = find_correlated(dataset.table, dataset.schema)
    assert finding.columns == ("x", "cube", "against", "copy")
    assert finding.leave_out == ("cube", "against", "copy")
    assert "4 numbers rise and fall together" in finding.text
    assert "'x' and 'copy' are equal in all rows" in finding.text


def test_with_many_columns_only_the_first_are_compared_with_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("quality", "checks.correlation", "checks.missingness"):
        monkeypatch.setattr(f"riskmodel.tables.{module}.MAX_PAIRED_COLUMNS", 2)
    dataset = make_dataset({}, x=X, y=X**2, copy=X, bad=half_bad(ROWS))
    report = check_quality(dataset)
    assert [finding for finding in report.findings if finding.kind == "correlated"] == []
    assert report.sampled == (
        "Correlations and joint missing values were checked among the first 2 columns that can have them."
    )


def test_moderately_correlated_numbers_are_not_a_group() -> None:
    dataset = make_dataset({}, x=X, y=X + 0.4 * GENERATOR.normal(size=ROWS), one=[1] * ROWS, bad=half_bad(ROWS))
    assert find_correlated(dataset.table, dataset.schema) == []


def test_chains_are_one_group() -> None:
    linked = np.eye(5, dtype=bool)
    for one, other in ((0, 3), (3, 4)):
        linked[one, other] = linked[other, one] = True
    assert group_linked(linked) == [(0, 3, 4)]


def test_strongly_correlated_columns_are_grouped_with_a_bounded_sample() -> None:
    noise = GENERATOR.normal(size=ROWS)
    near = X + 0.3 * GENERATOR.normal(size=ROWS)
    columns = {"x": X, "noise": noise, "near": near, "against": -np.exp(noise), "other": GENERATOR.normal(size=ROWS)}
    assert 0.9 < spearmanr(X, near).statistic < 0.98
    dataset = make_dataset({}, **columns, bad=half_bad(ROWS))
    assert group_correlated(dataset.table, dataset.schema) == (("x", "near"), ("noise", "against"))
    assert group_correlated(dataset.table, dataset.schema, 0.98) == (("noise", "against"),)
    alone = make_dataset({}, x=X, bad=half_bad(ROWS))
    assert group_correlated(alone.table, alone.schema) == ()
