"""One class per architecture, told apart by its name."""

import pytest

from riskmodel.config.network import ARCHITECTURES, NETWORKS, MlpConfig, TabmConfig
from riskmodel.config.preprocessing import ColumnOverride, PreprocessingConfig
from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError


def test_the_architecture_decides_the_class() -> None:
    read = RunConfig.from_json('{"network": {"architecture": "tabm", "members": 4}}').network
    assert isinstance(read, TabmConfig) and read.members == 4
    assert isinstance(RunConfig.from_json('{"network": {"units": [3]}}').network, MlpConfig)


def test_a_field_of_another_architecture_is_refused() -> None:
    with pytest.raises(ConfigError, match="members"):
        RunConfig.from_json('{"network": {"architecture": "mlp", "members": 4}}')


def test_an_unknown_architecture_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        ConfigError, match=r"'network.architecture': there is no architecture \"tabn\"\. Did you mean 'tabm'\?"
    ):
        RunConfig.from_json('{"network": {"architecture": "tabn"}}')


def test_every_architecture_has_words_and_a_class() -> None:
    assert ARCHITECTURES.keys() == NETWORKS.keys()
    assert [each().architecture for each in NETWORKS.values()] == list(NETWORKS)


@pytest.mark.parametrize(("name", "scaling"), [("mlp", "standard"), ("tabm", "quantile")])
def test_scaling_left_to_the_network_is_its_natural_one(name: str, scaling: str) -> None:
    overrides = {"age": ColumnOverride(scaling="auto"), "sum": ColumnOverride(scaling="log")}
    config = RunConfig(network=NETWORKS[name](), preprocessing=PreprocessingConfig(overrides=overrides))
    effective = config.effective_preprocessing
    assert [effective.for_column(column).scaling for column in ("other", "age", "sum")] == [scaling, scaling, "log"]


def test_a_chosen_scaling_stays() -> None:
    config = RunConfig(network=TabmConfig(), preprocessing=PreprocessingConfig(scaling="robust"))
    assert config.effective_preprocessing.scaling == "robust"
