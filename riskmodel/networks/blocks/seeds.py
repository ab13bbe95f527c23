"""Seeds of a network's random parts, all drawn from one."""

import numpy as np


class Seeds:
    """A stream of independent seeds; the same ``seed`` gives the same stream.

    Keras's global generator is not used, so that other code cannot change a network's weights.

    Example:
        >>> Seeds(7).next() == Seeds(7).next()
        True
    """

    def __init__(self, seed: int) -> None:
        self._sequence = np.random.SeedSequence(seed)

    def next(self) -> int:
        """The next seed, in [0, 2**31)."""
        child = self._sequence.spawn(1)[0]
        return int(child.generate_state(1)[0]) >> 1
