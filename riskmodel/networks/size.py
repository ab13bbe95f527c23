"""How many weights a network has. No Keras here: the web process asks too."""

from riskmodel.config.network import MlpConfig, NetworkConfig, RealMlpConfig, TabmConfig
from riskmodel.config.run import RunConfig
from riskmodel.features.model_input import InputShape


def count_run_parameters(config: RunConfig, shape: InputShape) -> int:
    """Trainable weights of all networks of a run, whose inputs have the views that ``config.scalings`` names."""
    per_fold = sum(
        count_parameters(recipe.network, shape.view(config.scalings.index(recipe.network.natural_scaling))[1])
        for recipe in config.recipes
    )
    return per_fold * max(config.ensemble.folds, 1) * config.ensemble.seeds


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
        case RealMlpConfig():
            return _count_realmlp(config, shape)


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


def _count_realmlp(config: RealMlpConfig, shape: InputShape) -> int:
    numbers = len(shape.values)
    total = sum(shape.cardinalities) * config.embedding_dimension
    width = numbers + len(shape.indicators) + len(shape.cardinalities) * config.embedding_dimension
    if config.frequencies:
        mixed = config.encoding_dimension - 1
        total += numbers * (2 * config.frequencies + (config.frequencies + 1) * mixed)
        width += numbers * mixed
    total += width
    for units in config.units:
        total += (width + 2) * units  # a bias and a mix per unit
        width = units
    return total + width + 1
