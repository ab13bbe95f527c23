"""Values drawn by the training curves."""

from dataclasses import replace

import pytest

from riskmodel.plots.theme import TRAIN
from riskmodel.plots.training import CURVES, CurveStyle, OtherRun, plot_curve, plot_live_distribution, smooth
from riskmodel.training.progress import EpochResult


def epoch(number: int, loss: float, auc: float) -> EpochResult:
    return EpochResult(
        epoch=number,
        num_epochs=10,
        train_loss=loss + 0.1,
        validation_loss=loss,
        train_auc=auc - 0.1,
        validation_auc=auc,
        train_accuracy=0.8,
        validation_accuracy=0.8,
        learning_rate=0.001,
        seconds=1.0,
        rows_per_second=1000.0,
        good_counts=(30, 10) + (0,) * 38,
        bad_counts=(0, 5) + (0,) * 38,
        is_best=True,
    )


HISTORY = (epoch(1, 0.5, 0.7), epoch(2, 0.4, 0.75), epoch(3, 0.45, 0.74))


def test_the_loss_curve_has_both_parts_and_marks_the_kept_epoch() -> None:
    figure = plot_curve("loss", HISTORY, 10, kept_epoch=2)
    drawn = {trace.name: (list(trace.x), list(trace.y)) for trace in figure.data}
    assert drawn["train"] == ([1, 2, 3], [0.6, 0.5, 0.55])
    assert drawn["validation"] == ([1, 2, 3], [0.5, 0.4, 0.45])
    assert drawn["kept"] == ([2], [0.4])


def test_the_axis_holds_all_epochs_from_the_start_and_zoom_is_kept() -> None:
    for figure in (plot_curve("auc", HISTORY[:1], 10, 1), plot_curve("auc", HISTORY, 10, 2)):
        assert list(figure.layout.xaxis.autorangeoptions.include) == [0.5, 10.5]
        assert figure.layout.uirevision == "keep"


def test_without_a_point_there_is_a_hint() -> None:
    figure = plot_curve("auc", (), 30)
    assert figure.layout.annotations[0].text == "Waiting for the first epoch"
    assert not figure.data or not figure.data[0].x
    assert (list(figure.layout.xaxis.range), list(figure.layout.yaxis.range)) == ([0.5, 30.5], [0.5, 1.0])


def test_a_first_epoch_far_from_the_others_does_not_squash_them() -> None:
    losses = (9.0, 0.52, 0.5, 0.44, 0.42)
    history = [replace(epoch(number, loss, 0.7), train_loss=loss) for number, loss in enumerate(losses, 1)]
    axis = plot_curve("loss", history, 5, 5).layout.yaxis.autorangeoptions
    assert (axis.clipmin, axis.clipmax) == pytest.approx((0.42 - 0.25 * 0.1, 0.52 + 0.25 * 0.1))
    smooth = [replace(each, validation_loss=0.55, train_loss=0.55) if each.epoch == 1 else each for each in history]
    assert plot_curve("loss", smooth, 5, 5).layout.yaxis.autorangeoptions.clipmax is None


def test_the_distribution_shows_shares_of_each_outcome() -> None:
    good, bad = plot_live_distribution(HISTORY[0]).data
    assert (good.name, bad.name) == ("good", "bad")
    assert list(good.y[:2]) == [0.75, 0.25]
    assert list(bad.y[:2]) == [0.0, 1.0]
    assert list(good.customdata[:2]) == [30, 10]


def test_of_very_many_epochs_the_axis_shows_at_most_twice_those_done() -> None:
    for done, shown in ((1, 60), (60, 60), (61, 120), (4_000, 7_680), (9_999, 10_000)):
        figure = plot_curve("loss", [HISTORY[-1]] * (done - 1) + [replace(HISTORY[-1], epoch=done)], 10_000)
        assert list(figure.layout.xaxis.autorangeoptions.include) == [0.5, shown + 0.5]


def test_other_runs_lie_behind_with_their_validation_curves() -> None:
    older = [replace(epoch(number, 0.6 - number / 100, 0.6), num_epochs=30) for number in range(1, 16)]
    figure = plot_curve(
        "loss", HISTORY, 10, 2, behind=[OtherRun("first", older, "#d9631e"), OtherRun("none yet", (), "#b8479b")]
    )
    assert [trace.name for trace in figure.data] == ["first", "train", "validation", "kept"], "behind is drawn first"
    assert list(figure.data[0].y) == [each.validation_loss for each in older]
    assert list(figure.layout.xaxis.autorangeoptions.include) == [0.5, 15.5]


def test_a_figure_of_training_alone_has_one_curve() -> None:
    figure = plot_curve("learning_rate", HISTORY, 3, 2)
    assert [trace.name for trace in figure.data] == ["learning rate", "kept"]
    assert list(figure.data[0].y) == [0.001] * 3


def test_every_curve_can_be_drawn() -> None:
    for name, curve in CURVES.items():
        figure = plot_curve(name, HISTORY, 3, 2, behind=[OtherRun("other", HISTORY, "#d9631e")])
        assert figure.layout.title.text == curve.title
        assert all(len(trace.y) in (1, 3) for trace in figure.data)


def test_another_runs_scores_are_outlines() -> None:
    figure = plot_live_distribution(HISTORY[0], behind=("first", HISTORY[1], "#123456"))
    assert [trace.name for trace in figure.data] == ["good", "bad", "first: good", "first: bad"]
    assert list(figure.data[3].y[:2]) == [0.0, 1.0]


def test_a_smoothed_curve_is_a_weighted_mean_of_the_epochs_so_far() -> None:
    assert smooth([2.0, 4.0, None, 8.0], 0.5) == [2.0, pytest.approx(10 / 3), None, pytest.approx(6.0)]
    raw, smoothed, *_ = plot_curve("auc", HISTORY, 3, style=CurveStyle(smoothing=0.5)).data
    values = [each.train_auc for each in HISTORY]
    assert list(raw.y) == values and not raw.showlegend and raw.opacity < 1
    assert list(smoothed.y) == smooth(values, 0.5)


def test_only_curves_above_zero_have_a_logarithmic_axis() -> None:
    assert plot_curve("loss", HISTORY, 3, style=CurveStyle(log=True)).layout.yaxis.type == "log"
    assert plot_curve("auc", HISTORY, 3, style=CurveStyle(log=True)).layout.yaxis.type is None
    assert plot_curve("loss", (), 3, style=CurveStyle(log=True)).layout.yaxis.type is None, "no points yet"


def test_a_run_has_its_color() -> None:
    figure = plot_curve("loss", HISTORY, 3, 2, [OtherRun("other", HISTORY, "#d9631e")], color="#3b82d0")
    colors = {trace.name: trace.line.color for trace in figure.data if trace.name != "kept"}
    assert colors == {"other": "#d9631e", "train": TRAIN, "validation": "#3b82d0"}
