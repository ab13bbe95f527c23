"""The epochs of an ensemble by network, with the kept epoch of each."""

from dataclasses import replace

import pytest

from riskmodel.config.network_name import NetworkName
from riskmodel.config.run import RunConfig
from riskmodel.training.ensembles.network_curves import split_by_network
from tests.riskmodel.plots.test_training import HISTORY

MLP = {"architecture": "mlp", "units": [4]}
OTHER = {"network": {"architecture": "mlp", "units": [8]}, "training": {"restore_best": True}}
RESNET = {"network": {"architecture": "resnet"}}
CONFIG = RunConfig.from_dict(
    {"network": MLP, "ensemble": {"folds": 2, "partners": [OTHER, RESNET], "one_per_architecture": True}}
)


def epochs_of(network: str, best: int) -> list:
    """Three epochs, the given one the best."""
    return [replace(epoch, network=network, is_best=epoch.epoch <= best) for epoch in HISTORY[:3]]


EPOCHS = [*epochs_of("0-0-0", 2), *epochs_of("1-0-0", 2), *epochs_of("1-1-0", 1), *epochs_of("2-0-0", 1)]


def test_each_network_has_a_title_and_its_kept_epoch() -> None:
    curves = split_by_network(EPOCHS, CONFIG)
    assert [(curve.title, curve.kept and curve.kept.epoch, curve.is_selected) for curve in curves] == [
        ("Multi-layer perceptron 1, fold 1", 3, False),  # keeps the last; the second variant was trained further
        ("Multi-layer perceptron 2, fold 1", 2, True),  # restores its best
        ("Multi-layer perceptron 2, fold 2", 1, True),
        ("Residual network, fold 1", 3, True),
    ]
    assert [curve.group for curve in curves][1:3] == ["Multi-layer perceptron 2"] * 2


@pytest.mark.parametrize(("given", "kept"), [({"stopped": True}, [2, 2, 1, 1]), ({"keeps_none": True}, [None] * 4)])
def test_kept_epochs_depend_on_how_the_run_ended(given: dict[str, bool], kept: list[int | None]) -> None:
    assert [curve.kept and curve.kept.epoch for curve in split_by_network(EPOCHS, CONFIG, **given)] == kept


def test_no_variant_is_excluded_before_selection() -> None:
    assert all(curve.is_selected for curve in split_by_network(EPOCHS[:6], CONFIG))


def test_a_single_network_has_no_network_curves() -> None:
    assert split_by_network(HISTORY, RunConfig()) == ()
    assert NetworkName(0, 0, 0).describe(RunConfig()) == "Multi-layer perceptron"


def test_networks_that_the_configuration_does_not_have_yet_are_left_out() -> None:
    """A page may read the configuration before a larger network is added to it, and the epochs afterwards."""
    epochs = [replace(HISTORY[0], network=name) for name in ("0-0-0", "2-0-0")]
    (curve,) = split_by_network(epochs, RunConfig.from_dict({"ensemble": {"folds": 2, "partners": [OTHER]}}))
    assert curve.epochs == (epochs[0],)
