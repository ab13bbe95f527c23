"""Layers of a network as values: widths, parameters and arithmetic without building it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from riskmodel.inputs.shape import InputShape


@dataclass(frozen=True)
class Layer:
    """One step of a network.

    Attributes:
        name: Short name.
        width: Values per customer after it.
        parameters: Trainable weights in it; those of all layers together are the network's.
        multiply_adds: Multiplications with an addition that it takes for one customer, of all copies together.
        operations: Small operations of a training step in it, excluding the arithmetic.
        detail: What happens in it; may be empty.
        copies: Parallel copies, as the members of a TabM or the columns of an additive network.
    """

    name: str
    width: int
    parameters: int
    multiply_adds: int = 0
    operations: int = 0
    detail: str = ""
    copies: int = 1


def dense(
    name: str, input_width: int, units: int, *, operations: int = 0, detail: str = "", copies: int = 1, extra: int = 0
) -> Layer:
    """A layer of ``units`` with biases on ``input_width`` values; copies share its weights.

    Args:
        extra: Parameters in addition to weights and biases, as those of a normalization before it.
    """
    return Layer(
        name,
        units,
        parameters=(input_width + 1) * units + extra,
        multiply_adds=copies * input_width * units,
        operations=operations,
        detail=detail,
        copies=copies,
    )


def hidden(
    input_width: int, units: Sequence[int], *, operations: int, detail: str, copies: int = 1, scales: int = 0
) -> list[Layer]:
    """``Layer 1``, ``Layer 2``, … on ``input_width`` values, each as for `dense`.

    Args:
        scales: Parameters per unit in addition to weights and bias, as the scale of a normalization.
    """
    layers = []
    for number, num_units in enumerate(units, start=1):
        layers.append(
            dense(
                f"Layer {number}",
                input_width,
                num_units,
                operations=operations,
                detail=detail,
                copies=copies,
                extra=scales * num_units,
            )
        )
        input_width = num_units
    return layers


def embedding(inputs: InputShape, dimension: int) -> list[Layer]:
    """The embedding table of categories, if there are any; its width is that of all values after it."""
    categories = len(inputs.cardinalities)
    if not categories:
        return []
    width = inputs.num_numerical + categories * dimension
    return [Layer("Embedding", width, sum(inputs.cardinalities) * dimension, detail=f"{dimension} values per category")]


def encode_numbers(table: Sequence[Layer], inputs: InputShape, single: Layer) -> list[Layer]:
    """The encoding of every number and the embedding of categories as one layer; the embedding alone without numbers.

    Args:
        table: From `embedding`.
        single: The encoding of one number.
    """
    numbers = len(inputs.values)
    if not numbers:
        return list(table)
    width = last_width(table, inputs) + numbers * (single.width - 1)
    parameters = sum(layer.parameters for layer in table) + numbers * single.parameters
    detail = join_details(single.detail, *(layer.detail for layer in table))
    return [Layer(single.name, width, parameters, multiply_adds=numbers * single.multiply_adds, detail=detail)]


def last_width(layers: Sequence[Layer], inputs: InputShape) -> int:
    """Values per customer after the layers; after none of them, the numerical inputs."""
    return layers[-1].width if layers else inputs.num_numerical


def join_details(*parts: str) -> str:
    """The parts that are not empty, with commas."""
    return ", ".join(part for part in parts if part)


def describe_dropout(rate: float) -> str:
    """``dropout 0.1``; empty for 0."""
    return f"dropout {rate:g}" if rate else ""
