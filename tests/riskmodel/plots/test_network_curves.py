"""Curves of the networks of an ensemble: one line per network, with its kept epoch."""

from dataclasses import replace

from riskmodel.plots.network_curves import MAX_NETWORKS, plot_network_curves
from riskmodel.training.ensembles.network_curves import split_by_network
from tests.riskmodel.plots.test_training import HISTORY
from tests.riskmodel.training.ensembles.test_network_curves import CONFIG, EPOCHS

CURVES = split_by_network(EPOCHS, CONFIG)


def test_one_line_per_network_one_color_per_learner_and_a_ring_at_each_kept_epoch() -> None:
    figure = plot_network_curves("loss", CURVES, 3)
    assert figure.layout.title.text == "Validation loss by network"
    lines = [trace for trace in figure.data if trace.name != "kept"]
    assert [list(line.x) for line in lines] == [[1, 2, 3]] * 4
    assert [list(line.y) for line in lines] == [[epoch.validation_loss for epoch in HISTORY[:3]]] * 4
    assert [line.line.dash for line in lines] == ["dash", "solid", "solid", "solid"]
    assert lines[1].line.color == lines[2].line.color != lines[3].line.color
    assert [line.name for line in lines if line.showlegend] == [
        "Multi-layer perceptron 1 (not selected)", "Multi-layer perceptron 2", "Residual network",
    ]  # fmt: skip
    kept = {
        text: x for trace in figure.data if trace.name == "kept" for text, x in zip(trace.text, trace.x, strict=True)
    }
    assert kept == {curve.title: curve.kept.epoch for curve in CURVES}
    assert plot_network_curves("auc", CURVES, 3).layout.title.text == "Validation AUC by network"
    assert plot_network_curves("learning_rate", CURVES, 3).layout.title.text == "Learning rate by network"


def test_the_title_shows_how_many_of_many_networks_are_drawn() -> None:
    many = [replace(CURVES[3], title=f"Network {number}") for number in range(MAX_NETWORKS + 5)]
    assert plot_network_curves("loss", many, 3).layout.title.text == "Validation loss by network (60 of 65 networks)"
