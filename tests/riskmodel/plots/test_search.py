"""Charts of a search whose best trial is known."""

import pytest

from riskmodel.plots.search import plot_importance, plot_trials
from riskmodel.training.searching.trial import TrialResult, TrialState


def trial(number: int, loss: float | None, state: TrialState = "finished") -> TrialResult:
    return TrialResult(number, state, {}, (), loss, 0.7, 1, 1, 1.0)


def test_every_trial_is_a_point_and_the_best_so_far_a_line() -> None:
    trials = [trial(1, 0.5), trial(2, 0.6, "pruned"), trial(3, 0.45), trial(4, None, "failed"), trial(5, 0.47)]
    figure = plot_trials(trials)
    by_name = {trace.name: trace for trace in figure.data}
    assert (list(by_name["finished"].x), list(by_name["finished"].y)) == ([1, 3, 5], [0.5, 0.45, 0.47])
    assert (list(by_name["pruned"].x), list(by_name["pruned"].y)) == ([2], [0.6])
    assert (list(by_name["lowest so far"].x), list(by_name["lowest so far"].y)) == ([1, 3, 5], [0.5, 0.45, 0.45])
    assert [trace.name for trace in figure.data if trace.showlegend is not False] == [
        "finished",
        "pruned",
        "lowest so far",
    ]


def test_a_trial_that_went_astray_does_not_press_the_others_together() -> None:
    near = [trial(number, 0.4 + number / 1000) for number in range(1, 6)]
    assert plot_trials(near).layout.yaxis.range is None
    # The best has .401, the middle one of six .404; twice their distance above the best is .407.
    low, high = plot_trials([*near, trial(6, 9.0)]).layout.yaxis.range
    assert low < 0.401 and high == pytest.approx(0.407)


def test_a_trial_beyond_the_axis_is_an_arrow_with_its_loss_at_the_end() -> None:
    near = [trial(number, 0.4 + number / 1000) for number in range(1, 6)]
    [arrows] = [trace for trace in plot_trials([*near, trial(6, 9.0)]).data if trace.mode == "markers+text"]
    assert (list(arrows.x), list(arrows.y), list(arrows.text)) == ([6], [pytest.approx(0.407)], ["9.000"])
    assert not [trace for trace in plot_trials(near).data if trace.mode == "markers+text"]


def test_before_the_first_epoch_a_hint_stands_in_the_middle() -> None:
    figure = plot_trials([trial(1, None, "running")])
    assert not figure.data
    assert figure.layout.annotations[0].text == "The first point appears with the first epoch"
    assert (list(figure.layout.yaxis.range), list(figure.layout.xaxis.range)) == ([0.0, 0.7], [0.5, 1.5])


@pytest.mark.parametrize(("loss", "end"), [(0.45, 0.7), (2.0, 2.4)])
def test_one_loss_is_on_an_axis_from_zero(loss: float, end: float) -> None:
    figure = plot_trials([trial(1, loss, "running")])
    assert list(figure.layout.yaxis.range) == pytest.approx([0.0, end])
    assert [trace.name for trace in figure.data if trace.showlegend] == ["running"]
    assert plot_trials([trial(1, loss), trial(2, 0.44, "running")]).layout.yaxis.range is None


def test_the_most_important_field_is_at_the_top() -> None:
    figure = plot_importance({"Learning rate": 0.7, "Dropout": 0.3})
    [bar] = figure.data
    assert (list(bar.y), list(bar.x)) == (["Dropout", "Learning rate"], [0.3, 0.7])  # drawn from the bottom
