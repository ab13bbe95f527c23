"""Building of untrained networks from a config and the inputs' shape."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from riskmodel.config.network import NETWORKS, NetworkConfig
from riskmodel.errors import TrainingError
from riskmodel.features.model_input import ModelInput
from riskmodel.inputs.shape import InputShape
from riskmodel.networks.backend import keras
from riskmodel.networks.blocks.inputs import NetworkInputs
from riskmodel.networks.blocks.layers import sum_last
from riskmodel.networks.blocks.seeds import Seeds

_LOG_ODDS: dict[str, Callable[[Any, NetworkInputs, Seeds], Any]] = {
    name: import_module(f"riskmodel.networks.architectures.{name}").log_odds for name in NETWORKS
}
"""The function ``log_odds`` of each architecture's module, which has the name of the architecture."""


@dataclass(frozen=True)
class Blueprint:
    """Configuration of a built network, stored as ``model.blueprint``; with the weights it restores the network."""

    config: NetworkConfig
    shape: InputShape


def build_network(config: NetworkConfig, shape: InputShape, seed: int, train: ModelInput | None = None) -> Any:
    """An untrained ``keras.Model``; the same arguments give the same weights on every backend.

    Args:
        train: The training customers, for the quantiles of numerical encodings; without them the
            quantiles are those of a normal distribution.

    Shape:
        Inputs, by name and present only where not empty: ``numerical`` float32 (n, shape.num_numerical) and
        ``categorical`` int32 (n, len(shape.cardinalities)). Output ``log_odds`` float32 (n, m): the log-odds of bad
        of each of the network's m members (1 for most architectures); the network's probability is the mean of
        their sigmoids (``average_log_odds``).

    Raises:
        TrainingError: both inputs are empty.
        ConfigError: A monotone column or a series of months is not among the inputs.

    Example:
        >>> from riskmodel.config.architectures.mlp import MlpConfig
        >>> build_network(MlpConfig(), InputShape(num_numerical=50), seed=7).output_shape
        (None, 1)
    """
    if shape.num_numerical == 0 and not shape.cardinalities:
        raise TrainingError(
            "The network has no inputs: no column remains after preprocessing. "
            "Mark at least one column that varies as numerical, categorical or date."
        )
    seeds = Seeds(seed)
    inputs = NetworkInputs(shape, train)
    log_odds = _LOG_ODDS[config.architecture](config, inputs, seeds)
    if inputs.offsets is not None and not config.sums_columns:  # contributions of columns include the offsets
        log_odds = log_odds + keras.ops.expand_dims(sum_last(inputs.offsets), 1)
    model = keras.Model(inputs.tensors, log_odds, name=config.architecture)
    model.blueprint = Blueprint(config, shape)
    return model
