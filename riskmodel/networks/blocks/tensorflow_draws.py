"""Random numbers on TensorFlow: the raw counter-based generator, two numbers per output."""

from typing import Any

from riskmodel.networks.backend import tf

_PHILOX = 1
_HALF = 2**15


class TensorFlowDraws:
    """Draw ``k`` depends on the seed and ``k`` alone. ``taken`` counts the draws."""

    def __init__(self, layer: Any, seed: int) -> None:
        self.seed = seed
        self.taken = layer.add_weight(name="draws", shape=(), dtype="int64", initializer="zeros", trainable=False)

    def at_least(self, threshold: int, like: Any) -> Any:
        """Boolean of the shape of ``like``, true with probability 1 - threshold / 65,536; its last axis is known."""
        return self._random_int16(like) >= tf.constant(threshold - _HALF, tf.int16)

    def _random_int16(self, like: Any) -> Any:
        units = like.shape[-1]
        pairs = (units + 1) // 2  # two 16-bit numbers per 32-bit number
        shape = [tf.shape(like)[axis] if size is None else size for axis, size in enumerate(like.shape[:-1])]
        draw = self.taken.value.assign_add(1)
        bits = tf.raw_ops.StatelessRandomUniformFullIntV2(
            shape=tf.stack([*shape, pairs]),
            key=tf.constant([self.seed], tf.uint64),
            counter=tf.stack([tf.constant(0, tf.uint64), tf.cast(draw, tf.uint64)]),
            alg=_PHILOX,
            dtype=tf.uint32,
        )
        numbers = tf.reshape(tf.bitcast(bits, tf.int16), tf.stack([*shape, 2 * pairs]))
        return numbers[..., :units] if units % 2 else numbers
