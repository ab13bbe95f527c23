"""The mission's network, exactly."""

import pytest

from riskmodel.config.network import NETWORKS
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


def test_every_preset_goes_to_json_and_back() -> None:
    for config in PRESETS.values():
        assert type(config).from_json(config.to_json()) == config


def test_an_unknown_preset_names_the_close_one() -> None:
    with pytest.raises(ConfigError, match=r"There is no preset 'misson'\. Did you mean 'mission'\?"):
        preset("misson")
    with pytest.raises(ConfigError, match="Presets: fast, best, mission"):
        preset("zzz")


def test_every_preset_has_words_and_the_default_is_one() -> None:
    assert PRESET_WORDS.keys() == PRESETS.keys()
    assert DEFAULT_PRESET in PRESETS


def test_every_architecture_has_a_usual_recipe_of_its_own() -> None:
    assert USUAL.keys() == NETWORKS.keys()
    assert all(recipe.network.architecture == name for name, recipe in USUAL.items())
