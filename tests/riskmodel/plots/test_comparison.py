"""Overlays: one color per model, and the values of the results."""

import numpy as np
import pytest

from riskmodel.evaluation.calibration import compute_reliability
from riskmodel.evaluation.curves import compute_ks_curve, compute_roc_curve
from riskmodel.evaluation.distribution import compute_distribution
from riskmodel.evaluation.impact import compute_impact
from riskmodel.plots.comparison import (
    plot_distributions,
    plot_ks_curves,
    plot_reliabilities,
    plot_rocs,
    plot_swaps,
    plot_trainings,
)
from riskmodel.plots.theme import BAD, CHALLENGERS, CHAMPION, GOOD
from tests.riskmodel.evaluation.test_delong import customers
from tests.riskmodel.workspace.examples import epoch_result

BAD_ONES, FIRST, SECOND = customers(400, seed=2)
MODELS = {"old <b>": FIRST, "new": SECOND}


def test_champion_and_challenger_have_fixed_colors() -> None:
    figures = [
        plot_rocs({name: compute_roc_curve(BAD_ONES, p) for name, p in MODELS.items()}),
        plot_ks_curves({name: compute_ks_curve(BAD_ONES, p) for name, p in MODELS.items()}),
        plot_reliabilities({name: compute_reliability(BAD_ONES, p) for name, p in MODELS.items()}),
        plot_distributions({name: compute_distribution(BAD_ONES, p) for name, p in MODELS.items()}),
        plot_trainings({name: [epoch_result(1), epoch_result(2)] for name in MODELS}, "loss", [None, None]),
    ]
    for figure in figures:
        colours = {trace.name: trace.line.color for trace in figure.data if trace.name}
        assert colours == {"old &lt;b>": CHAMPION, "new": CHALLENGERS[0]}


def test_good_and_bad_customers_differ_by_their_dashes() -> None:
    figure = plot_ks_curves({"a": compute_ks_curve(BAD_ONES, FIRST)})
    assert [(trace.line.dash, trace.showlegend) for trace in figure.data] == [("solid", True), ("dash", False)]
    distribution = compute_distribution(BAD_ONES, FIRST)
    good, bad = plot_distributions({"a": distribution}).data
    assert sum(good.y) == pytest.approx(1) and sum(bad.y) == pytest.approx(1)
    assert list(bad.customdata) == distribution.bad.tolist()


def test_a_training_marks_its_kept_epoch() -> None:
    figure = plot_trainings({"a": [epoch_result(1), epoch_result(2)], "b": []}, "auc", [2, None])
    assert list(figure.data[0].y) == [0.71, 0.71]
    assert figure.data[0].marker.size[1] > figure.data[0].marker.size[0]
    assert plot_trainings({"a": []}, "auc", [None]).layout.annotations[0].text == "No run kept its epochs"


def test_swaps_are_bars_with_intervals_and_empty_groups_are_left_out() -> None:
    found = compute_impact(BAD_ONES, FIRST, FIRST, 0.5, num_resamples=5)
    groups = {"Both approve": found.both, "Swap in": found.swap_in, "Both decline": found.neither}
    [bars] = plot_swaps(groups, ("#111111", "#222222", "#333333")).data
    assert list(bars.x) == ["Both<br>approve", "Both<br>decline"]
    assert list(bars.marker.color) == ["#111111", "#333333"]
    assert found.both.bad_rate is not None
    assert bars.y[0] == found.both.bad_rate.value
    assert bars.y[0] + bars.error_y.array[0] == pytest.approx(found.both.bad_rate.high)


def luminance(colour: str) -> float:
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


@pytest.mark.parametrize("colour", [CHAMPION, *CHALLENGERS])
@pytest.mark.parametrize("page", ["#fcfdfc", "#11161d"])
def test_a_line_stands_out_from_light_and_dark_pages(colour: str, page: str) -> None:
    """WCAG 1.4.11: at least 3 to 1."""
    light, dark = sorted([luminance(colour), luminance(page)], reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3.0


def seen_by(colour: str, kind: str) -> np.ndarray:
    """sRGB as seen by a person without red or green cones (Machado, Oliveira and Fernandes, 2009)."""
    matrices = {
        "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
        "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    }
    return np.array(matrices[kind]) @ [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


@pytest.mark.parametrize("kind", ["protanopia", "deuteranopia"])
def test_model_colors_are_distinguishable_for_color_blind_users(kind: str) -> None:
    for challenger in CHALLENGERS:
        assert np.linalg.norm(seen_by(CHAMPION, kind) - seen_by(challenger, kind)) > 60
    assert len({CHAMPION, *CHALLENGERS, GOOD, BAD}) == 6
