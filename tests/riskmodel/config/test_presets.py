"""Presets: `mission` has exactly the specified network."""

import pytest

from riskmodel.config.ensemble import Learner
from riskmodel.config.presets import DEFAULT_PRESET, PRESET_WORDS, PRESETS, USUAL, preset
from riskmodel.errors import ConfigError


def test_the_missions_preset_is_the_missions_network() -> None:
    mission = preset("mission")
    network, training = mission.network, mission.training
    assert (network.architecture, network.units, network.activation, network.dropout) == ("mlp", (128, 64), "relu", 0.5)
    assert (network.normalization, network.l2) == ("none", 0.0)
    assert (training.optimizer, training.learning_rate, training.schedule) == ("adam", 0.001, "constant")
    assert (training.epochs, training.batch_size, training.class_weights) == (10, 32, "none")
    assert not training.early_stopping and not training.restore_best
    assert mission.split.validation_share == 0.2


@pytest.mark.parametrize("num_rows", [None, 500, 2_001, 10_000, 10_001, 1_000_000])
@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_goes_to_json_and_back(name: str, num_rows: int | None) -> None:
    config = preset(name, num_rows)
    assert type(config).from_json(config.to_json()) == config


def test_a_preset_is_sized_for_the_customers() -> None:
    tiny, small, medium, large = (preset("fast", num_rows) for num_rows in (2_000, 10_000, 60_000, 60_001))
    assert (tiny.network.members, tiny.network.numeric_encoding, tiny.ensemble.folds) == (16, "none", 5)
    assert [network.architecture for network in tiny.networks] == ["tabm", "realmlp", "logistic", "additive"]
    assert preset("monotone", 2_000).networks == (preset("monotone", 2_000).network,)
    assert (small.network.members, small.training.epochs, small.network.bins) == (16, 60, 8)
    assert (medium.network.members, medium.training.epochs, medium.network.bins) == (8, 30, 8)
    assert (large.network.members, large.training.epochs, large.network.bins) == (8, 30, 64)
    assert all(config.ensemble.is_single for config in (small, medium, large))
    assert preset("fast") == medium
    assert preset("mission", 500) == preset("mission", 1_000_000)


@pytest.mark.parametrize(
    ("num_rows", "folds", "encoding"),
    [(500, 5, "none"), (9_000, 5, "piecewise"), (30_000, 5, "piecewise"), (10**6, 3, "piecewise")],
)
def test_the_best_chooses_among_encodings(num_rows: int, folds: int, encoding: str) -> None:
    best = preset("best", num_rows)
    assert best.ensemble.folds == folds and best.ensemble.one_per_architecture
    tabm, other, realmlp, line, *simple = (learner.network for learner in best.learners)
    assert [network.architecture for network in simple] == (["logistic", "additive"] if num_rows <= 10_000 else [])
    assert tabm.numeric_encoding == encoding and {tabm.numeric_encoding, other.numeric_encoding} == {
        "none",
        "piecewise",
    }
    assert (realmlp.frequencies, line.frequencies) == (16, 0)
    assert best.variant_groups == ((0, 1), (2, 3))


def test_ratios_are_sought_where_accuracy_is_the_aim() -> None:
    assert {name: preset(name).preprocessing.pairs for name in PRESETS} == {
        "fast": 16,
        "best": 16,
        "monotone": 16,
        "explainable": 0,
        "mission": 0,
    }


def test_an_unknown_preset_names_the_close_one() -> None:
    with pytest.raises(ConfigError, match=r"There is no preset 'misson'\. Did you mean 'mission'\?"):
        preset("misson")
    with pytest.raises(ConfigError, match="Presets: fast, best, monotone, explainable, mission"):
        preset("zzz")


def test_every_preset_has_a_description_and_the_default_exists() -> None:
    assert tuple(PRESET_WORDS) == PRESETS
    assert DEFAULT_PRESET in PRESETS


def test_the_usual_networks_of_the_presets() -> None:
    fast, mission = preset("fast"), preset("mission")
    assert fast.training.enlarge and USUAL["tabm"] == Learner(network=fast.network, training=fast.training)
    assert USUAL["mlp"] == Learner(network=mission.network, training=mission.training)
    assert USUAL["realmlp"] == preset("best").learners[2]
