"""Number of weights of a run's networks, without Keras."""

from riskmodel.config.run import RunConfig
from riskmodel.inputs.shape import InputShape
from riskmodel.sizing.counts import count_network


def count_run_parameters(config: RunConfig, shape: InputShape) -> int:
    """Trainable weights of all kept networks of a run; inputs have the views of ``config.scalings``.

    Of recipes of which one is chosen, the largest counts.
    """
    each = [
        count_network(recipe.network, shape.view(config.scalings.index(recipe.network.natural_scaling))[1]).parameters
        for recipe in config.recipes
    ]
    per_fold = sum(each)
    for variants in config.variant_groups:
        per_fold -= sum(each[recipe] for recipe in variants) - max(each[recipe] for recipe in variants)
    return per_fold * max(config.ensemble.folds, 1) * config.ensemble.seeds
