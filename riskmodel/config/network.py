"""Network configuration: one class per architecture, discriminated by ``architecture``."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Discriminator, Tag

from riskmodel.config.architectures.additive import AdditiveConfig
from riskmodel.config.architectures.cnn import CnnConfig
from riskmodel.config.architectures.ft_transformer import FtTransformerConfig
from riskmodel.config.architectures.logistic import LogisticConfig
from riskmodel.config.architectures.lstm import LstmConfig
from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.architectures.monotone import MonotoneConfig
from riskmodel.config.architectures.months import MonthsConfig
from riskmodel.config.architectures.realmlp import RealMlpConfig
from riskmodel.config.architectures.resnet import ResnetConfig
from riskmodel.config.architectures.shared import ARCHITECTURES
from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.config.field import describe_fields

__all__ = [
    "ARCHITECTURES",
    "NETWORKS",
    "AdditiveConfig",
    "CnnConfig",
    "FtTransformerConfig",
    "LogisticConfig",
    "LstmConfig",
    "MlpConfig",
    "MonotoneConfig",
    "MonthsConfig",
    "NetworkConfig",
    "RealMlpConfig",
    "ResnetConfig",
    "TabmConfig",
    "describe_difference",
]


def _tag(value: Any) -> str:
    """``architecture``; a config without it is an ``mlp``."""
    name = value.get("architecture", "mlp") if isinstance(value, dict) else getattr(value, "architecture", "")
    return str(name)


NetworkConfig = Annotated[
    Annotated[MlpConfig, Tag("mlp")]
    | Annotated[TabmConfig, Tag("tabm")]
    | Annotated[RealMlpConfig, Tag("realmlp")]
    | Annotated[ResnetConfig, Tag("resnet")]
    | Annotated[FtTransformerConfig, Tag("ft_transformer")]
    | Annotated[AdditiveConfig, Tag("additive")]
    | Annotated[CnnConfig, Tag("cnn")]
    | Annotated[LstmConfig, Tag("lstm")]
    | Annotated[LogisticConfig, Tag("logistic")],
    Discriminator(_tag),
]
"""Any architecture's config."""

NETWORKS: dict[str, type[NetworkConfig]] = {
    "tabm": TabmConfig,
    "realmlp": RealMlpConfig,
    "mlp": MlpConfig,
    "resnet": ResnetConfig,
    "ft_transformer": FtTransformerConfig,
    "additive": AdditiveConfig,
    "cnn": CnnConfig,
    "lstm": LstmConfig,
    "logistic": LogisticConfig,
}
"""The class of each ``architecture``."""


def describe_difference(network: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """The differing fields of a network against another of its architecture, with labels.

    Args:
        network, other: Configs as JSON, with every field.

    Example:
        >>> describe_difference(TabmConfig(bins=8).model_dump(), TabmConfig(numeric_encoding="none").model_dump())
        'numeric encoding piecewise linear, bins 8'
    """
    words = []
    for field in describe_fields(NETWORKS[network["architecture"]]):
        value = network[field.name]
        if value != other[field.name]:
            shown = dict(field.options)[value] if field.kind == "option" else value
            listed = ", ".join(map(str, shown)) if isinstance(shown, list | tuple) else shown
            words.append(f"{field.label} {listed}".lower())
    return ", ".join(words)
