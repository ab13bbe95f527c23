"""From a config and the inputs' shape to an untrained network."""

from typing import Any

from riskmodel.config.network import NetworkConfig
from riskmodel.errors import TrainingError
from riskmodel.features.model_input import InputShape
from riskmodel.networks.backend import keras
from riskmodel.networks.layers import EmbeddingBlock
from riskmodel.networks.mlp import hidden_layers, weight_penalty
from riskmodel.networks.seeds import Seeds


def build_network(config: NetworkConfig, shape: InputShape, seed: int) -> Any:
    """An untrained ``keras.Model``; the same seed gives the same weights.

    Shape:
        Inputs, by name and present only where not empty: ``numerical`` float32 (n, shape.num_numerical) and
        ``categorical`` int32 (n, len(shape.cardinalities)). Output ``log_odds`` float32 (n, 1): the log-odds of bad,
        so the probability is its sigmoid.

    Raises:
        TrainingError: There is nothing to learn from, since both inputs are empty.

    Example:
        >>> build_network(NetworkConfig(), InputShape(num_numerical=50), seed=7).output_shape
        (None, 1)
    """
    if shape.num_numerical == 0 and not shape.cardinalities:
        raise TrainingError(
            "The network has no inputs: no column is left after preprocessing. "
            "Mark at least one column that varies as numerical, categorical or date."
        )
    seeds = Seeds(seed)
    inputs: dict[str, Any] = {}
    parts: list[Any] = []
    if shape.num_numerical:
        inputs["numerical"] = keras.Input((shape.num_numerical,), dtype="float32", name="numerical")
        parts.append(inputs["numerical"])
    if shape.cardinalities:
        inputs["categorical"] = keras.Input((len(shape.cardinalities),), dtype="int32", name="categorical")
        embedding = EmbeddingBlock(
            shape.cardinalities,
            config.embedding_dimension,
            initializer=keras.initializers.RandomUniform(seed=seeds.next()),
            regularizer=weight_penalty(config),
            name="embedding",
        )
        parts.append(embedding(inputs["categorical"]))
    joined = parts[0] if len(parts) == 1 else keras.layers.Concatenate(name="joined")(parts)
    log_odds = keras.layers.Dense(
        1,
        kernel_initializer=keras.initializers.GlorotUniform(seed=seeds.next()),
        kernel_regularizer=weight_penalty(config),
        name="log_odds",
    )(hidden_layers(config, joined, seeds))
    return keras.Model(inputs, log_odds, name=config.architecture)
