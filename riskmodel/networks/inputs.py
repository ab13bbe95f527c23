"""The input tensors of a network, and the parts of them that architectures ask for."""

from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.features.model_input import InputShape, ModelInput
from riskmodel.networks import initializers
from riskmodel.networks.backend import keras
from riskmodel.networks.layers import EmbeddingBlock

MOST_ROWS = 200_000
"""Customers looked at for quantiles: enough for any number of pieces."""


class NetworkInputs:
    """The Keras inputs of a network.

    Attributes:
        shape: What stands where.
        tensors: ``numerical`` and ``categorical``, present where not empty.
    """

    def __init__(self, shape: InputShape, train: ModelInput | None = None) -> None:
        self.shape = shape
        self._train = train
        self.tensors: dict[str, Any] = {}
        if shape.num_numerical:
            self.tensors["numerical"] = keras.Input((shape.num_numerical,), dtype="float32", name="numerical")
        if shape.cardinalities:
            self.tensors["categorical"] = keras.Input((len(shape.cardinalities),), dtype="int32", name="categorical")

    def take(self, positions: tuple[int, ...]) -> Any:
        """The numerical inputs at ``positions``, float32 (n, len(positions))."""
        if positions == tuple(range(self.shape.num_numerical)):
            return self.tensors["numerical"]
        return keras.ops.take(self.tensors["numerical"], list(positions), axis=1)

    def embedded(self, dimension: int, *, seed: int, regularizer: Any = None) -> Any:
        """The vectors of all embedded columns side by side, float32 (n, c * dimension)."""
        return EmbeddingBlock(
            self.shape.cardinalities,
            dimension,
            initializer=initializers.RandomUniform(seed=seed),
            regularizer=regularizer,
            name="embedding",
        )(self.tensors["categorical"])

    def training_values(self) -> npt.NDArray[np.float32]:
        """The scaled numbers of training customers, float32 (n, d), columns as in ``shape.values``.

        Without training customers, 1,001 quantiles of the normal distribution stand for each column. A layer keeps what
        it takes from them in a NumPy array as its attribute: so it goes along with the weights (``handover``).
        """
        positions = self.shape.values
        if self._train is None:
            random = np.sort(np.random.default_rng(0).standard_normal(1001)).astype(np.float32)
            return np.repeat(random[:, None], len(positions), axis=1)
        return self._train.numerical[:: step_between(self._train.num_rows), list(positions)]


def step_between(num_rows: int) -> int:
    """Every how many-th of so many customers is looked at for quantiles."""
    return max(-(-num_rows // MOST_ROWS), 1)


def join(parts: list[Any]) -> Any:
    """Lay parts (n, ·) side by side; one alone stays as it is."""
    return parts[0] if len(parts) == 1 else keras.layers.Concatenate(name="joined")(parts)
