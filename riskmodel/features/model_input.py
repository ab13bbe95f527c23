"""What a network reads: two arrays with one row per customer, and their shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class InputShape:
    """How wide a network's inputs are.

    Attributes:
        num_numerical: Columns of the numerical array; 0 where every input is an embedded category.
        cardinalities: For each embedded column, how many indices there are; its indices are in [0,
            cardinality).
    """

    num_numerical: int
    cardinalities: tuple[int, ...] = ()


@dataclass(frozen=True)
class ModelInput:
    """The inputs of a network for n customers.

    Attributes:
        numerical: float32, shape (n, d), C order, every value finite.
        categorical: int32, shape (n, c); indices into the embedded columns' levels.

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
            raise ValueError(f"Both arrays need two dimensions and as many rows as each other; received {shapes}.")

    @property
    def num_rows(self) -> int:
        """Number of customers."""
        return len(self.numerical)

    def take(self, rows: npt.NDArray[np.integer]) -> ModelInput:
        """A copy with the given rows (integer positions, shape (m,)), in the given order."""
        return ModelInput(self.numerical[rows], self.categorical[rows])
