"""The multi-layer perceptron."""

from typing import Any

import numpy as np

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.inputs.shape import InputShape
from riskmodel.networks.backend import keras
from riskmodel.networks.blocks import initializers
from riskmodel.networks.blocks.inputs import NetworkInputs, join
from riskmodel.networks.blocks.layers import Dropout, gelu
from riskmodel.networks.blocks.monotone import MonotoneActivation, SignedDense, Signs, value_signs
from riskmodel.networks.blocks.seeds import Seeds


def log_odds(config: MlpConfig, inputs: NetworkInputs, seeds: Seeds) -> Any:
    """The log-odds (n, 1) of a multi-layer perceptron on numerical inputs and embedded categories."""
    parts: list[Any] = []
    if inputs.shape.num_numerical:
        parts.append(inputs.numbers)
    if inputs.shape.cardinalities:
        parts.append(inputs.embedded(config.embedding_dimension, seed=seeds.next(), regularizer=weight_penalty(config)))
    numbers = value_signs(config, inputs.shape)
    if numbers.any():
        return _monotone_log_odds(config, join(parts), _input_signs(config, inputs.shape, numbers), seeds)
    return keras.layers.Dense(
        1,
        kernel_initializer=initializers.GlorotUniform(seed=seeds.next()),
        kernel_regularizer=weight_penalty(config),
        name="log_odds",
    )(hidden_layers(config, join(parts), seeds))


def _input_signs(config: MlpConfig, shape: InputShape, numbers: Signs) -> Signs:
    """The direction of every input of the first layer: numerical ones in their order, then embedded ones."""
    signs = np.zeros(shape.num_numerical + len(shape.cardinalities) * config.embedding_dimension, np.float32)
    signs[list(shape.values)] = numbers
    return signs


def _monotone_log_odds(config: MlpConfig, inputs: Any, signs: Signs, seeds: Seeds) -> Any:
    """The same layers with weights of the directions' signs, which are all positive after the first."""
    outputs = inputs
    for number, units in enumerate((*config.units, 1), start=1):
        is_last = number > len(config.units)
        outputs = SignedDense(
            units,
            signs,
            seed=seeds.next(),
            regularizer=weight_penalty(config),
            name="log_odds" if is_last else f"dense_{number}",
        )(outputs)
        if not is_last:
            outputs = MonotoneActivation(config.activation, name=f"activation_{number}")(outputs)
            if config.dropout > 0:
                outputs = Dropout(config.dropout, seed=seeds.next(), name=f"dropout_{number}")(outputs)
        signs = np.ones(units, np.float32)
    return outputs


def hidden_layers(config: MlpConfig, inputs: Any, seeds: Seeds) -> Any:
    """Apply the hidden layers to ``inputs`` (n, width); returns (n, last of ``config.units``).

    Each is Dense, normalization, activation, dropout, in this order; the defaults are
    Dense relu, Dropout .5.
    """
    # SELU preserves mean 0 and variance 1 only with LeCun initialization (Klambauer 2017).
    initializer = initializers.LecunNormal if config.activation == "selu" else initializers.GlorotUniform
    outputs = inputs
    for number, units in enumerate(config.units, start=1):
        outputs = keras.layers.Dense(
            units,
            use_bias=config.normalization == "none",  # normalization removes the mean and adds its own shift
            kernel_initializer=initializer(seed=seeds.next()),
            kernel_regularizer=weight_penalty(config),
            name=f"dense_{number}",
        )(outputs)
        if config.normalization == "batch":
            outputs = keras.layers.BatchNormalization(name=f"normalization_{number}")(outputs)
        if config.normalization == "layer":
            outputs = keras.layers.LayerNormalization(name=f"normalization_{number}")(outputs)
        activation = gelu if config.activation == "gelu" else config.activation
        outputs = keras.layers.Activation(activation, name=f"activation_{number}")(outputs)
        if config.dropout > 0:
            outputs = Dropout(config.dropout, seed=seeds.next(), name=f"dropout_{number}")(outputs)
    return outputs


def weight_penalty(config: MlpConfig) -> Any:
    """The L2 penalty of one weight matrix: ``config.l2`` times its sum of squares; None if it is 0."""
    return keras.regularizers.L2(config.l2) if config.l2 > 0 else None
