"""The mission's network, exactly."""

import pytest

from riskmodel.config.presets import PRESETS, preset
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
    with pytest.raises(ConfigError, match="Presets: mission"):
        preset("zzz")
