"""How many weights a network has. No Keras here: the web process asks too."""

from riskmodel.config.network import MlpConfig, NetworkConfig, TabmConfig
from riskmodel.features.model_input import InputShape


def count_parameters(config: NetworkConfig, shape: InputShape) -> int:
    """Trainable weights of the network that ``build_network`` makes of the same arguments.

    Example:
        >>> count_parameters(MlpConfig(), InputShape(num_numerical=50))
        14849
    """
    match config:
        case MlpConfig():
            return _count_mlp(config, shape)
        case TabmConfig():
            return _count_tabm(config, shape)


def _count_mlp(config: MlpConfig, shape: InputShape) -> int:
    embedded = len(shape.cardinalities) * config.embedding_dimension
    total = sum(shape.cardinalities) * config.embedding_dimension
    width = shape.num_numerical + embedded
    # A normalisation has a scale and a shift per unit, and its shift stands in for the bias.
    per_unit = 1 if config.normalization == "none" else 2
    for units in config.units:
        total += width * units + per_unit * units
        width = units
    return total + width + 1


def _count_tabm(config: TabmConfig, shape: InputShape) -> int:
    numbers = len(shape.values)
    total = sum(shape.cardinalities) * config.embedding_dimension
    width = numbers + len(shape.indicators) + len(shape.cardinalities) * config.embedding_dimension
    if config.numeric_encoding == "piecewise":
        total += numbers * (config.bins + 1) * config.encoding_dimension
        width += numbers * (config.encoding_dimension - 1)
    total += config.members * width
    for units in config.units:
        total += (width + 1) * units
        width = units
    return total + config.members * (width + 1)
