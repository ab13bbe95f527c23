"""How many weights a network has. No Keras here: the web process asks too."""

from riskmodel.config.network import MlpConfig as MlpConfig
from riskmodel.config.network import NetworkConfig
from riskmodel.config.run import RunConfig
from riskmodel.features.model_input import InputShape
from riskmodel.networks.counts import count_network


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
    return count_network(config, shape).parameters
