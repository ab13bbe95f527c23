"""Network configuration: one class per architecture, discriminated by ``architecture``."""

from collections.abc import Mapping
from typing import Annotated, Any, get_args

from pydantic import Discriminator, Tag

from riskmodel.config.architectures.additive import AdditiveConfig
from riskmodel.config.architectures.cnn import CnnConfig
from riskmodel.config.architectures.ft_transformer import FtTransformerConfig
from riskmodel.config.architectures.logistic import LogisticConfig
from riskmodel.config.architectures.lstm import LstmConfig
from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.architectures.realmlp import RealMlpConfig
from riskmodel.config.architectures.resnet import ResnetConfig
from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.config.field import describe_fields


def _tag(value: Any) -> str:
    """``architecture``; a config without it is an ``mlp``."""
    name = value.get("architecture", "mlp") if isinstance(value, dict) else getattr(value, "architecture", "")
    return str(name)


NetworkConfig = Annotated[
    Annotated[TabmConfig, Tag("tabm")]
    | Annotated[RealMlpConfig, Tag("realmlp")]
    | Annotated[MlpConfig, Tag("mlp")]
    | Annotated[ResnetConfig, Tag("resnet")]
    | Annotated[FtTransformerConfig, Tag("ft_transformer")]
    | Annotated[AdditiveConfig, Tag("additive")]
    | Annotated[CnnConfig, Tag("cnn")]
    | Annotated[LstmConfig, Tag("lstm")]
    | Annotated[LogisticConfig, Tag("logistic")],
    Discriminator(_tag),
]
"""Any architecture's config; this is the registry of architectures, in the order of the forms."""

NETWORKS: dict[str, type[NetworkConfig]] = {
    tag.tag: network_class for network_class, tag in map(get_args, get_args(get_args(NetworkConfig)[0]))
}
"""The class of each ``architecture``."""

ARCHITECTURES: dict[str, str] = {name: network_class.label() for name, network_class in NETWORKS.items()}
"""Display name of each ``architecture``."""


def describe_difference(network: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """The differing fields of a network against another of its architecture, with labels.

    Args:
        network, other: Configs as JSON, with every field.

    Example:
        >>> describe_difference(TabmConfig(bins=8).model_dump(), TabmConfig(numeric_encoding="none").model_dump())
        'numerical encoding piecewise linear, bins 8'
    """
    words = []
    for field in describe_fields(NETWORKS[network["architecture"]]):
        value = network[field.name]
        if value != other[field.name]:
            shown = dict(field.options)[value] if field.kind == "option" else value
            listed = ", ".join(map(str, shown)) if isinstance(shown, list | tuple) else shown
            words.append(f"{field.label} {listed}".lower())
    return ", ".join(words)
