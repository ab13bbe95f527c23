"""Networks that score together, and their common log-odds."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from riskmodel.networks.backend import keras
from riskmodel.networks.blocks.members import average_log_odds

ops = keras.ops


@dataclass(frozen=True, eq=False)
class BlendedNetwork:
    """A network among those that score together.

    Attributes:
        model: Takes ``numerical`` and/or ``categorical``, returns log-odds (n, members).
        positions: Columns of the common numerical array that it takes, in its order.
        weight: Its share of the mean probability.
    """

    model: Any
    positions: tuple[int, ...]
    weight: float


def blended_log_odds(networks: Sequence[BlendedNetwork], inputs: dict[str, Any]) -> Any:
    """Log-odds (n, 1) of the weighted mean probability, computed entirely in log space."""
    if len(networks) == 1:
        return average_log_odds(_call(networks[0], inputs))
    bad, good = [], []
    for network in networks:
        log_odds = average_log_odds(_call(network, inputs))
        bad.append(math.log(network.weight) - ops.softplus(-log_odds))
        good.append(math.log(network.weight) - ops.softplus(log_odds))
    sums = [ops.logsumexp(ops.concatenate(terms, axis=1), axis=1, keepdims=True) for terms in (bad, good)]
    return sums[0] - sums[1]


def _call(network: BlendedNetwork, inputs: dict[str, Any]) -> Any:
    own = {tensor.name: inputs[tensor.name] for tensor in network.model.inputs}
    if "numerical" in own and network.positions != tuple(range(own["numerical"].shape[1])):
        own["numerical"] = ops.take(own["numerical"], list(network.positions), axis=1)
    return network.model(own, training=False)
