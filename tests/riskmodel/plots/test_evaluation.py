"""Values drawn by the charts of the evaluation."""

import numpy as np
import pytest

from riskmodel.evaluation.bands import compute_band_table
from riskmodel.evaluation.calibration import compute_reliability
from riskmodel.evaluation.curves import compute_ks_curve, compute_roc_curve
from riskmodel.evaluation.distribution import compute_distribution
from riskmodel.plots.evaluation import plot_bands, plot_distribution, plot_ks, plot_reliability, plot_roc
from riskmodel.plots.scoring import plot_scored_distribution
from riskmodel.scoring.model.report import ScoringReport

BAD, P = np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])


def test_the_roc_curve_and_its_diagonal() -> None:
    figure = plot_roc(compute_roc_curve(BAD, P), "test")
    chance, model = figure.data
    assert list(chance.y) == [0, 1]
    assert list(model.x) == [0.0, 0.0, 0.5, 0.5, 1.0]
    assert list(model.y) == [0.0, 0.5, 0.5, 1.0, 1.0]
    assert "AUC 0.7500" in figure.layout.title.text


def test_the_ks_distance_is_drawn_where_it_is_largest() -> None:
    figure = plot_ks(compute_ks_curve(BAD, P))
    distance = figure.data[2]
    assert list(distance.x) == [0.1, 0.1]
    assert list(distance.y) == [0.0, 0.5]
    assert "KS 0.5000" in figure.layout.title.text


def test_bands_and_distribution_show_rates_and_shares() -> None:
    bands = plot_bands(compute_band_table(BAD, P * 100, ["B", "A", "A", "B"]))
    assert list(bands.data[0].y) == [0.5, 0.5]
    good, bad = plot_distribution(compute_distribution(BAD, P, np.array([0.0, 0.5, 1.0]))).data
    assert list(good.y) == [1.0, 0.0]
    assert list(bad.y) == [0.5, 0.5]


def test_scored_customers_against_training() -> None:
    report = ScoringReport(num_rows=4, num_scored=4, probability_counts=(1, 3) + (0,) * 38)
    scored, training = plot_scored_distribution(report, (10,) * 40).data
    assert list(scored.y[:2]) == [0.25, 0.75]
    assert training.y[0] == pytest.approx(1 / 40)
    assert len(plot_scored_distribution(report, ()).data) == 1


def test_reliability_with_its_intervals_and_error() -> None:
    figure = plot_reliability(compute_reliability(BAD, P, num_bins=2))
    equal, points = figure.data
    assert list(equal.x) == list(equal.y)
    assert list(points.x) == [(0.1 + 0.35) / 2, (0.4 + 0.8) / 2]
    assert list(points.y) == [0.5, 0.5]
    assert len(points.error_y.array) == len(points.error_y.arrayminus) == 2
    assert "calibration error 0." in figure.layout.title.text
