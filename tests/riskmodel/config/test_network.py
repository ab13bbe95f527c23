"""One class per architecture, selected by its name."""

import pytest

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.architectures.realmlp import RealMlpConfig
from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.config.ensemble import EnsembleConfig, Learner
from riskmodel.config.network import NETWORKS
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


@pytest.mark.parametrize(("name", "scaling"), [("mlp", "standard"), ("tabm", "quantile"), ("realmlp", "robust")])
def test_scaling_left_to_the_network_is_its_natural_one(name: str, scaling: str) -> None:
    config = RunConfig(network=NETWORKS[name]())
    assert config.scalings == (scaling,)


def test_partners_that_like_other_scalings_add_views() -> None:
    partners = (Learner(network=RealMlpConfig()), Learner(network=TabmConfig(members=4)))
    config = RunConfig(network=TabmConfig(), ensemble=EnsembleConfig(partners=partners))
    assert config.scalings == ("quantile", "robust")


def test_a_mistake_in_a_partner_is_named() -> None:
    text = '{"ensemble": {"partners": [{"network": {"architecture": "tabm", "member": 4}}]}}'
    with pytest.raises(ConfigError, match=r"'ensemble.partners.0.network.member' is unknown. Did you mean 'members'\?"):
        RunConfig.from_json(text)
