"""Random numbers on JAX: threefry over a counter, two numbers per output."""

import math
from typing import Any

import jax.numpy as jnp
from jax.extend.random import threefry_2x32


class JaxDraws:
    """Draw ``k`` depends on the seed and ``k`` alone: together they are the generator's key.

    ``jax.random.bits`` gives the same quality at six times the cost: it runs the generator once for every number of 16
    bits, where once gives four.

    The seed is a weight, not a constant, so that networks that differ only in seeds share one compiled program.
    """

    def __init__(self, layer: Any, seed: int) -> None:
        start = jnp.array([seed, 0], jnp.uint32)
        self.key = layer.add_weight(
            name="draws", shape=(2,), dtype="uint32", initializer=lambda shape, dtype=None: start, trainable=False
        )

    def at_least(self, threshold: int, like: Any) -> Any:
        """Boolean of the shape of ``like``, true with probability 1 - threshold / 65,536."""
        key = self.key.value + jnp.array([0, 1], jnp.uint32)
        self.key.assign(key)
        *shape, units = like.shape
        pairs = (units + 1) // 2
        counter = jnp.arange(math.prod(shape) * pairs, dtype=jnp.uint32)
        bits = threefry_2x32(key, counter).reshape(*shape, pairs)
        both = jnp.concatenate([(bits >> 16) >= threshold, (bits & 0xFFFF) >= threshold], axis=-1)
        return both[..., :units]
