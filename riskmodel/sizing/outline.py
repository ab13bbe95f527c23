"""Outline of a network by layer, for a diagram, without Keras."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from riskmodel.config.network import (
    AdditiveConfig,
    CnnConfig,
    FtTransformerConfig,
    LogisticConfig,
    LstmConfig,
    MlpConfig,
    MonthsConfig,
    NetworkConfig,
    RealMlpConfig,
    ResnetConfig,
    TabmConfig,
)
from riskmodel.inputs.series import locate_series
from riskmodel.inputs.shape import InputShape
from riskmodel.sizing.counts import count_network


@dataclass(frozen=True)
class Layer:
    """One step of a network.

    Attributes:
        name: Short name.
        width: Values per customer after it.
        parameters: Trainable weights in it; those of all layers together are the network's.
        detail: What happens in it; may be empty.
        copies: Parallel copies, as the members of a TabM or the columns of an additive network.
    """

    name: str
    width: int
    parameters: int
    detail: str = ""
    copies: int = 1


def outline_network(config: NetworkConfig, shape: InputShape) -> tuple[Layer, ...]:
    """The layers of the network of ``build_network`` with the same arguments, from the inputs to the log-odds.

    Raises:
        ConfigError: The network reads series of months, and these inputs have none.

    Example:
        >>> [layer.parameters for layer in outline_network(MlpConfig(units=(8, 4)), InputShape(num_numerical=5))]
        [0, 48, 36, 5]
    """
    _, shape = shape.without_offsets()
    layers: list[Layer] = _OUTLINES[config.architecture](config, shape)
    inputs = Layer("Inputs", shape.num_numerical + len(shape.cardinalities), 0, _say_inputs(shape))
    # Parts without a separate layer, such as a normalization before the output.
    rest = count_network(config, shape).parameters - sum(layer.parameters for layer in layers)
    last = layers[-1]
    output = Layer("Log-odds", 1, last.parameters + rest, last.detail, last.copies)
    return (inputs, *layers[:-1], output)


def _say_inputs(shape: InputShape) -> str:
    numbers, marks, categories = len(shape.values), len(shape.indicators), len(shape.cardinalities)
    parts = [f"{numbers} numbers"] * bool(numbers) + [f"{marks} yes/no marks"] * bool(marks)
    return ", ".join(parts + [f"{categories} categories"] * bool(categories))


def _dense(name: str, width: int, units: int, detail: str = "", copies: int = 1, more: int = 0) -> Layer:
    """A layer of ``units`` on ``width`` values, with ``more`` parameters in addition to weights and biases."""
    return Layer(name, units, (width + 1) * units + more, detail, copies)


def _hidden(width: int, units: tuple[int, ...], detail: str, copies: int = 1, scaled: bool = False) -> list[Layer]:
    layers = []
    for number, each in enumerate(units, 1):
        layers.append(_dense(f"Layer {number}", width, each, detail, copies, each if scaled else 0))
        width = each
    return layers


def _embedding(config: Any, shape: InputShape) -> list[Layer]:
    """The embedding table, if any; its width is that of all values after it."""
    dimension, categories = config.embedding_dimension, len(shape.cardinalities)
    if not categories:
        return []
    width = shape.num_numerical + categories * dimension
    return [Layer("Embedding", width, sum(shape.cardinalities) * dimension, f"{dimension} values per category")]


def _join(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _drop(rate: float) -> str:
    return f"dropout {rate:g}" if rate else ""


def _outline_logistic(_config: LogisticConfig, shape: InputShape) -> list[Layer]:
    return [Layer("Log-odds", 1, shape.num_numerical + 1 + sum(shape.cardinalities), "a weight per input and level")]


def _outline_mlp(config: MlpConfig, shape: InputShape) -> list[Layer]:
    embedding = _embedding(config, shape)
    width = embedding[0].width if embedding else shape.num_numerical
    normal = "" if config.normalization == "none" else f"{config.normalization} normalization"
    detail = _join(config.activation, normal, _drop(config.dropout))
    hidden = _hidden(width, config.units, detail, scaled=bool(normal))
    return [*embedding, *hidden, _dense("Log-odds", config.units[-1], 1)]


def _encoding(config: TabmConfig | ResnetConfig, shape: InputShape) -> list[Layer]:
    """The embedding of categories and the pieces of numbers, as one layer."""
    numbers = len(shape.values)
    embedding = _embedding(config, shape)
    if config.numeric_encoding == "none" or not numbers:
        return embedding
    curves = config.encoding_dimension
    before = embedding[0].width if embedding else shape.num_numerical
    table = embedding[0].parameters if embedding else 0
    detail = _join(f"{config.bins} pieces per number, {curves} values of each", *(each.detail for each in embedding))
    return [Layer("Encoding", before + numbers * (curves - 1), table + numbers * (config.bins + 2) * curves, detail)]


def _outline_tabm(config: TabmConfig, shape: InputShape) -> list[Layer]:
    encoding = _encoding(config, shape)
    width = encoding[-1].width if encoding else shape.num_numerical
    members = config.members
    own = Layer("Members", width, members * width, f"{members} members, each scales the values its own way", members)
    hidden = _hidden(width, config.units, _join("shared by all members", "relu", _drop(config.dropout)), members)
    output = Layer("Log-odds", 1, members * (config.units[-1] + 1), "one per member, averaged", members)
    return [*encoding, own, *hidden, output]


def _outline_realmlp(config: RealMlpConfig, shape: InputShape) -> list[Layer]:
    encoding = _embedding(config, shape)
    numbers = len(shape.values)
    width = encoding[0].width if encoding else shape.num_numerical
    table = encoding[0].parameters if encoding else 0
    if config.frequencies and numbers:
        mixed = config.encoding_dimension - 1
        width += numbers * mixed
        waves = numbers * (2 * config.frequencies + (config.frequencies + 1) * mixed)
        detail = _join(f"{config.frequencies} waves per number", *(each.detail for each in encoding))
        encoding = [Layer("Waves", width, table + waves, detail)]
    scaled = Layer("Scale", width, width, "a factor per value")
    hidden = _hidden(width, config.units, _join("selu with a learned mix per unit", _drop(config.dropout)), scaled=True)
    return [*encoding, scaled, *hidden, _dense("Log-odds", config.units[-1], 1)]


def _outline_resnet(config: ResnetConfig, shape: InputShape) -> list[Layer]:
    encoding = _encoding(config, shape)
    width, inner = config.width, config.hidden_width
    before = encoding[-1].width if encoding else shape.num_numerical
    detail = _join(f"residual block with {inner} units", "relu", _drop(config.dropout))
    block = (width + 1) * inner + (inner + 1) * width + 2 * width
    blocks = [Layer(f"Block {number}", width, block, detail) for number in range(1, config.blocks + 1)]
    return [*encoding, _dense("Layer", before, width), *blocks, _dense("Log-odds", width, 1)]


def _outline_additive(config: AdditiveConfig, shape: InputShape) -> list[Layer]:
    numbers = len(shape.values)
    units = config.units
    curves = Layer(
        "Curves",
        numbers + len(shape.indicators) + len(shape.cardinalities),
        numbers * ((config.bins + 1) * units + units),
        f"{numbers} numbers, each with a curve of its own of {units} units",
        max(numbers, 1),
    )
    rest = len(shape.indicators) + sum(shape.cardinalities) + 1
    return [curves, Layer("Log-odds", 1, rest, "sum of the contributions")]


def _outline_ft_transformer(config: FtTransformerConfig, shape: InputShape) -> list[Layer]:
    width, tokens = config.width, shape.num_numerical + len(shape.cardinalities) + 1
    table = 2 * shape.num_numerical * width + sum(shape.cardinalities) * width + width
    embed = Layer("Tokens", tokens * width, table, f"{tokens} tokens of {width} values")
    total = count_network(config, shape).parameters
    rounds = (total - table - (width + 1) - 2 * width) // config.layers
    detail = _join(f"{config.heads} attention heads", _drop(config.dropout))
    attention = [Layer(f"Round {number}", tokens * width, rounds, detail) for number in range(1, config.layers + 1)]
    return [embed, *attention, _dense("Log-odds", width, 1)]


def _head(config: MonthsConfig, shape: InputShape, width: int, num_others: int) -> list[Layer]:
    """From what was read of the months to the log-odds."""
    joined = []
    if config.with_static:
        dimension = config.embedding_dimension
        width += num_others + len(shape.cardinalities) * dimension
        joined = [Layer("Join", width, sum(shape.cardinalities) * dimension, "adds the other columns")]
    hidden = _hidden(width, config.units, _join("relu", _drop(config.dropout)))
    return [*joined, *hidden, _dense("Log-odds", config.units[-1] if config.units else width, 1)]


def _outline_cnn(config: CnnConfig, shape: InputShape) -> list[Layer]:
    series = locate_series(shape, config.series, config.latest)
    width, layers = len(series.names), []
    for number, filters in enumerate(config.filters, 1):
        parameters = config.kernel_size * width * filters + filters
        detail = f"{filters} filters over {config.kernel_size} of {series.num_months} months"
        layers.append(Layer(f"Convolution {number}", series.num_months * filters, parameters, detail))
        width = filters
    return [*layers, *_head(config, shape, series.num_months * width, len(series.others))]


def _outline_lstm(config: LstmConfig, shape: InputShape) -> list[Layer]:
    series = locate_series(shape, config.series, config.latest)
    gates = 4 * config.memory
    parameters = (len(series.names) + config.memory + 1) * gates
    memory = Layer("Memory", config.memory, parameters, f"LSTM over {series.num_months} months")
    return [memory, *_head(config, shape, config.memory, len(series.others))]


_OUTLINES: dict[str, Callable[[Any, InputShape], list[Layer]]] = {
    "logistic": _outline_logistic,
    "mlp": _outline_mlp,
    "tabm": _outline_tabm,
    "realmlp": _outline_realmlp,
    "resnet": _outline_resnet,
    "additive": _outline_additive,
    "ft_transformer": _outline_ft_transformer,
    "cnn": _outline_cnn,
    "lstm": _outline_lstm,
}
