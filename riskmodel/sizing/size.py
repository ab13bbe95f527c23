"""Number of weights of a run's networks, without Keras."""

from riskmodel.config.run import RunConfig
from riskmodel.inputs.shape import InputShape
from riskmodel.sizing.counts import count_network


def network_shapes(config: RunConfig, shape: InputShape) -> tuple[InputShape, ...]:
    """The view of each network in ``config.networks``; inputs have the views of ``config.scalings``."""
    return tuple(shape.view(config.scalings.index(network.natural_scaling))[1] for network in config.networks)


def count_run_parameters(config: RunConfig, shape: InputShape) -> int:
    """Trainable weights of all kept networks of a run; inputs have the views of ``config.scalings``.

    Of learners of which one is chosen, the largest counts.
    """
    parameters = [
        count_network(network, own_shape).parameters
        for network, own_shape in zip(config.networks, network_shapes(config, shape), strict=True)
    ]
    per_fold = sum(parameters)
    for variants in config.variant_groups:
        own = [parameters[variant] for variant in variants]
        per_fold -= sum(own) - max(own)
    return per_fold * max(config.ensemble.folds, 1) * config.ensemble.seeds
