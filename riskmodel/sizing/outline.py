"""Outline of a network by layer, for a diagram, without Keras."""

from __future__ import annotations

from riskmodel.config.blocks.layer import Layer
from riskmodel.config.network import NetworkConfig
from riskmodel.inputs.shape import InputShape

__all__ = ["Layer", "outline_network"]


def outline_network(config: NetworkConfig, shape: InputShape) -> tuple[Layer, ...]:
    """The layers of the network of ``build_network`` with the same arguments, from the inputs to the log-odds.

    Raises:
        ConfigError: The network reads series of months, and these inputs have none.

    Example:
        >>> from riskmodel.config.architectures.mlp import MlpConfig
        >>> [layer.parameters for layer in outline_network(MlpConfig(units=(8, 4)), InputShape(num_numerical=5))]
        [0, 48, 36, 5]
    """
    inputs = shape.without_offsets()[1]
    width = inputs.num_numerical + len(inputs.cardinalities)
    return (Layer("Inputs", width, 0, detail=_describe_inputs(inputs)), *config.list_layers(inputs))


def _describe_inputs(inputs: InputShape) -> str:
    numbers, marks, categories = len(inputs.values), len(inputs.indicators), len(inputs.cardinalities)
    parts = [f"{numbers} numbers"] * bool(numbers) + [f"{marks} yes/no marks"] * bool(marks)
    return ", ".join(parts + [f"{categories} categories"] * bool(categories))
