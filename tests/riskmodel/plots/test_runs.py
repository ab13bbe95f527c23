"""Hyperparameters plotted against metrics, with values computed by hand."""

import pytest

from riskmodel.plots.runs import FEW, Axis, plot_parallel, plot_scatter

AUC = Axis("Test AUC", (0.7, 0.8, None, 0.9))
RATE = Axis("Learning rate", (0.001, 0.01, 0.5, 0.1), log=True)
OPTIMIZER = Axis("Optimizer", ("SGD", "Adam", "Adam", None))


def test_a_scatter_has_one_trace_for_each_architecture_and_no_run_without_a_figure() -> None:
    figure = plot_scatter(RATE, AUC, ["MLP", "TabM", "MLP", "MLP"], ["a", "b", "c", "<i>d</i>"])
    by_name = {trace.name: trace for trace in figure.data}
    assert (list(by_name["MLP"].x), list(by_name["MLP"].y)) == ([0.001, 0.1], [0.7, 0.9])
    assert list(by_name["MLP"].text) == ["a", "&lt;i&gt;d&lt;/i&gt;"]
    assert (list(by_name["TabM"].x), list(by_name["TabM"].y)) == ([0.01], [0.8])
    assert figure.layout.xaxis.type == "log"
    assert by_name["MLP"].marker.color != by_name["TabM"].marker.color
    assert by_name["MLP"].marker.symbol != by_name["TabM"].marker.symbol


@pytest.mark.parametrize(
    ("axis", "kind"),
    [(Axis("Dropout", (0.1, 0.5, 0.2, 0.3)), "linear"), (Axis("Decay", (0.0, 0.1, 0.2, 0.3), log=True), "linear"),
     (OPTIMIZER, "category")],
)  # fmt: skip
def test_log_axes_are_used_where_possible_and_texts_unchanged(axis: Axis, kind: str) -> None:
    assert plot_scatter(axis, AUC, ["MLP"] * 4, list("abcd")).layout.xaxis.type == kind


def test_parallel_lines_cover_log_axes_texts_and_the_metric() -> None:
    [lines] = plot_parallel([RATE, OPTIMIZER], AUC).data
    rate, optimizer, auc = lines.dimensions
    assert list(rate["values"]) == pytest.approx([-3, -2, -1])  # the run without a figure is left out
    assert list(rate.tickvals) == pytest.approx([-3, -2, -1]) and list(rate.ticktext) == ["0.001", "0.01", "0.1"]
    assert list(optimizer.ticktext) == ["–", "Adam", "SGD"] and list(optimizer["values"]) == [2, 1, 0]
    assert list(auc["values"]) == list(lines.line.color) == [0.7, 0.8, 0.9]
    assert lines.line.reversescale is False
    assert plot_parallel([RATE], AUC, lower_is_better=True).data[0].line.reversescale is True


def test_a_run_without_the_hyperparameter_is_drawn_below_the_scale() -> None:
    width = Axis("Width", (10, None, 99, 20))
    [lines] = plot_parallel([width], AUC).data
    [drawn, _] = lines.dimensions
    assert list(drawn["values"]) == pytest.approx([10, 8.5, 20])
    assert list(drawn.ticktext) == ["–", "10", "20"] and list(drawn.range) == pytest.approx([8.5, 20])


def test_values_close_to_each_other_share_even_ticks() -> None:
    [lines] = plot_parallel([Axis("Width", (0, 1, 5, 100))], AUC).data
    assert list(lines.dimensions[0].ticktext) == ["0", "25", "50", "75", "100"]


def test_one_value_for_all_is_in_the_middle_of_its_axis() -> None:
    [lines] = plot_parallel([Axis("Epochs", (5, 5, 5, 5))], AUC).data
    assert list(lines.dimensions[0].range) == [4.5, 5.5] and list(lines.dimensions[0].ticktext) == ["5"]


def test_fewer_than_two_runs_show_a_hint() -> None:
    one = Axis("Test AUC", (0.7, None, None, None))
    for figure in (plot_parallel([RATE], one), plot_scatter(RATE, one, ["MLP"] * 4, list("abcd"))):
        assert not figure.data and figure.layout.annotations[0].text == FEW
    assert "at least one hyperparameter" in plot_parallel([], AUC).layout.annotations[0].text
