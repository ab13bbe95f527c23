"""Every registered architecture is complete; a missing or wrong part is named."""

from importlib.util import find_spec

import pytest

from riskmodel.config.blocks.architecture import ArchitectureConfig
from riskmodel.config.ensemble import Learner
from riskmodel.config.network import ARCHITECTURES, NETWORKS
from riskmodel.config.presets import USUAL
from riskmodel.config.run import RunConfig
from tests.networks import MONTHS, small_network, vary_network


@pytest.mark.parametrize("name", NETWORKS)
def test_the_configuration_is_complete(name: str) -> None:
    network_class = NETWORKS[name]
    assert issubclass(network_class, ArchitectureConfig), f"derive {network_class.__name__} from ArchitectureConfig"
    assert network_class().architecture == name, f"architecture of {network_class.__name__} must be {name!r}, its Tag"
    assert list(ARCHITECTURES.values()).count(network_class.label()) == 1, "another architecture has this label"
    assert find_spec(f"riskmodel.networks.architectures.{name}"), f"networks/architectures/{name}.py is missing"


@pytest.mark.parametrize("name", NETWORKS)
def test_the_usual_learner_can_be_stored(name: str) -> None:
    usual = USUAL[name]
    assert usual == Learner(network=NETWORKS[name].usual(), training=NETWORKS[name].usual_training)
    config = RunConfig(network=usual.network, training=usual.training)
    assert RunConfig.from_json(config.to_json()) == config


@pytest.mark.parametrize("name", NETWORKS)
def test_the_layers_end_with_the_log_odds(name: str) -> None:
    layers = small_network(name).list_layers(MONTHS)
    assert (layers[-1].name, layers[-1].width) == ("Log-odds", 1)
    assert sum(layer.operations for layer in layers) > 0 and sum(layer.multiply_adds for layer in layers) > 0
    assert all(layer.parameters >= 0 and layer.width >= 1 and layer.copies >= 1 for layer in layers)


def test_every_field_that_changes_the_weights_is_varied() -> None:
    varied = list(vary_network("mlp"))
    assert {config.normalization for config in varied} == {"none", "batch", "layer"}
    assert {config.units for config in varied} == {(5, 3), (), (4,), (2, 3, 4)}
    assert {config.embedding_dimension for config in varied} == {1, 2, 3}
    assert varied[-1].directed == {"age": 1, "pay_0": -1}
    assert small_network("lstm").memory == 8


def test_an_architecture_without_layers_cannot_be_configured() -> None:
    class Forgotten(ArchitectureConfig):
        pass

    with pytest.raises(TypeError, match=r"abstract method.*list_layers"):
        Forgotten()
