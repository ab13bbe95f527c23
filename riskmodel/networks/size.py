"""How many weights a network has. No Keras here: the web process asks too."""

from riskmodel.config.network import NetworkConfig
from riskmodel.features.model_input import InputShape


def count_parameters(config: NetworkConfig, shape: InputShape) -> int:
    """Trainable weights of the network that ``build_network`` makes of the same arguments.

    Example:
        >>> count_parameters(NetworkConfig(), InputShape(num_numerical=50))
        14849
    """
    embedded = len(shape.cardinalities) * config.embedding_dimension
    total = sum(shape.cardinalities) * config.embedding_dimension
    width = shape.num_numerical + embedded
    # A normalisation has a scale and a shift per unit, and its shift stands in for the bias.
    per_unit = 1 if config.normalization == "none" else 2
    for units in config.units:
        total += width * units + per_unit * units
        width = units
    return total + width + 1
