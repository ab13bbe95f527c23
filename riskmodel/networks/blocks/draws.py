"""Random numbers inside training graphs, by the generator of the Keras backend."""

from typing import Any, Protocol

from riskmodel.networks.backend import BACKEND

SIXTEEN_BITS = 2**16

if BACKEND == "jax":
    from riskmodel.networks.blocks.jax_draws import JaxDraws
else:
    from riskmodel.networks.blocks.tensorflow_draws import TensorFlowDraws


class Draws(Protocol):
    """A stream of random numbers; draw ``k`` depends on its seed and ``k`` alone."""

    def at_least(self, threshold: int, like: Any) -> Any:
        """The next draw: of the shape of ``like``, true with probability 1 - threshold / 65,536."""


def add_draws(layer: Any, seed: int) -> Draws:
    """A stream for ``layer``, which stores its position as a non-trainable weight."""
    return JaxDraws(layer, seed) if BACKEND == "jax" else TensorFlowDraws(layer, seed)
