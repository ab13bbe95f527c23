"""Parameter and operation counts of networks from their configs, without Keras."""

from __future__ import annotations

from dataclasses import dataclass

from riskmodel.config.network import NetworkConfig
from riskmodel.inputs.shape import InputShape


@dataclass(frozen=True)
class NetworkCounts:
    """The size of one network.

    Attributes:
        parameters: Trainable weights.
        multiply_adds: Multiplications with an addition that one customer's forward pass takes.
        operations: Small operations of a training step, excluding the arithmetic.
    """

    parameters: int
    multiply_adds: int
    operations: int


def count_network(config: NetworkConfig, shape: InputShape) -> NetworkCounts:
    """Count the network built by ``build_network`` with the same arguments: the sums over its layers.

    Raises:
        ConfigError: The network reads series of months, and these inputs have none.

    Example:
        >>> from riskmodel.config.architectures.mlp import MlpConfig
        >>> count_network(MlpConfig(), InputShape(num_numerical=50)).parameters
        14849
    """
    layers = config.list_layers(shape.without_offsets()[1])
    return NetworkCounts(
        sum(layer.parameters for layer in layers),
        sum(layer.multiply_adds for layer in layers),
        sum(layer.operations for layer in layers),
    )
