"""Inputs of a network: two arrays with one row per customer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

ALIGNMENT = 64
"""Alignment in bytes with which the backends can read an array in place."""


def aligned_zeros(shape: tuple[int, ...], dtype: type[np.generic]) -> npt.NDArray[Any]:
    """An array of zeros in C order that starts at a multiple of :data:`ALIGNMENT`.

    Example:
        >>> aligned_zeros((3, 2), np.float32).ctypes.data % 64
        0
    """
    size = math.prod(shape) * np.dtype(dtype).itemsize
    memory = np.zeros(size + ALIGNMENT, np.uint8)
    start = -memory.ctypes.data % ALIGNMENT
    return memory[start : start + size].view(dtype).reshape(shape)


@dataclass(frozen=True)
class ModelInput:
    """The inputs of a network for n customers.

    Attributes:
        numerical: float32, shape (n, d), C order, every value finite.
        categorical: int32, shape (n, c); indices into the embedded columns' categories.

    Raises:
        ValueError: The arrays are not two-dimensional or differ in their number of rows.

    Example:
        >>> batch = ModelInput(np.zeros((3, 2), np.float32), np.zeros((3, 0), np.int32))
        >>> batch.num_rows, batch.take(np.array([0, 2])).num_rows
        (3, 2)
    """

    numerical: npt.NDArray[np.float32]
    categorical: npt.NDArray[np.int32]

    def __post_init__(self) -> None:
        shapes = self.numerical.shape, self.categorical.shape
        if any(len(shape) != 2 for shape in shapes) or shapes[0][0] != shapes[1][0]:
            raise ValueError(f"Both arrays need two dimensions and the same number of rows; received {shapes}.")

    @property
    def num_rows(self) -> int:
        """Number of customers."""
        return len(self.numerical)

    def columns(self, positions: tuple[int, ...]) -> ModelInput:
        """The numerical columns at ``positions`` in this order (no copy if these are all), and the categorical."""
        if positions == tuple(range(self.numerical.shape[1])):
            return self
        chosen = aligned_zeros((self.num_rows, len(positions)), np.float32)
        for place, position in enumerate(positions):
            chosen[:, place] = self.numerical[:, position]
        return ModelInput(chosen, self.categorical)

    def take(self, rows: npt.NDArray[np.integer]) -> ModelInput:
        """A copy with the given rows (integer positions, shape (m,)), in the given order."""
        return ModelInput(self.numerical[rows], self.categorical[rows])
