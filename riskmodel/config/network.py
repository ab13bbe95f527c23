"""The shape of the network: one class per architecture, told apart by ``architecture``."""

from typing import Annotated, Any

from pydantic import Discriminator, Tag

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.architectures.realmlp import RealMlpConfig
from riskmodel.config.architectures.shared import ARCHITECTURES
from riskmodel.config.architectures.tabm import TabmConfig

__all__ = ["ARCHITECTURES", "NETWORKS", "MlpConfig", "NetworkConfig", "RealMlpConfig", "TabmConfig"]

NETWORKS: dict[str, type[MlpConfig | TabmConfig | RealMlpConfig]] = {
    "mlp": MlpConfig,
    "tabm": TabmConfig,
    "realmlp": RealMlpConfig,
}
"""The class of each ``architecture``."""


def _tag(value: Any) -> str:
    """``architecture``; a config that leaves it out is the mission's kind."""
    name = value.get("architecture", "mlp") if isinstance(value, dict) else getattr(value, "architecture", "")
    return str(name)


NetworkConfig = Annotated[
    Annotated[MlpConfig, Tag("mlp")] | Annotated[TabmConfig, Tag("tabm")] | Annotated[RealMlpConfig, Tag("realmlp")],
    Discriminator(_tag),
]
"""Any architecture's config."""
