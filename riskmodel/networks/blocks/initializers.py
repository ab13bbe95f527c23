"""Weight initializers with NumPy: a seed gives the same weights on every backend and device.

Keras's own use the backend's generator, so that results would differ between backends.
"""

import math
from abc import abstractmethod
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.networks.backend import keras


class _SeededInitializer(keras.initializers.Initializer):  # type: ignore[misc]
    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __call__(self, shape: tuple[int, ...], dtype: Any = None) -> Any:
        values = self._draw(np.random.default_rng(self.seed), tuple(shape))
        return keras.ops.convert_to_tensor(values.astype(np.float32), dtype=dtype)

    @abstractmethod
    def _draw(self, random: np.random.Generator, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
        """Values of this shape."""


class RandomUniform(_SeededInitializer):
    """Uniform in [``minval``, ``maxval``)."""

    def __init__(self, minval: float = -0.05, maxval: float = 0.05, *, seed: int) -> None:
        super().__init__(seed)
        self.minval, self.maxval = minval, maxval

    def _draw(self, random: np.random.Generator, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
        return random.uniform(self.minval, self.maxval, shape)


class RandomNormal(_SeededInitializer):
    """Normal with deviation ``stddev`` around ``mean``."""

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, *, seed: int) -> None:
        super().__init__(seed)
        self.mean, self.stddev = mean, stddev

    def _draw(self, random: np.random.Generator, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
        return random.normal(self.mean, self.stddev, shape)


class GlorotUniform(_SeededInitializer):
    """Uniform within ±√(6 / (inputs + outputs)) (Glorot & Bengio 2010)."""

    def _draw(self, random: np.random.Generator, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
        bound = math.sqrt(6.0 / sum(_fans(shape)))
        return random.uniform(-bound, bound, shape)


class LecunNormal(_SeededInitializer):
    """Normal with deviation √(1 / inputs), truncated at two deviations (LeCun 1998)."""

    def _draw(self, random: np.random.Generator, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
        return _truncated_normal(random, shape, math.sqrt(1.0 / _fans(shape)[0]))


def _fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Inputs and outputs of a unit, as Keras counts them: (..., inputs, outputs), what stands before times both."""
    if len(shape) < 2:
        return (shape or (1,))[0], (shape or (1,))[0]
    receptive = math.prod(shape[:-2])
    return shape[-2] * receptive, shape[-1] * receptive


_TRUNCATED_DEVIATION = 0.87962566103423978
"""Of a normal distribution of deviation 1 cut off at ±2."""


def _truncated_normal(random: np.random.Generator, shape: tuple[int, ...], deviation: float) -> npt.NDArray[np.float64]:
    values = random.standard_normal(shape)
    while (outside := np.abs(values) > 2.0).any():
        values[outside] = random.standard_normal(int(np.count_nonzero(outside)))
    return values * (deviation / _TRUNCATED_DEVIATION)
