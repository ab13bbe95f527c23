"""The input tensors of a network, and their parts for architectures."""

from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.features.model_input import ModelInput
from riskmodel.inputs.shape import InputShape
from riskmodel.networks.backend import keras
from riskmodel.networks.blocks import initializers
from riskmodel.networks.blocks.layers import EmbeddingBlock

MAX_ROWS = 200_000
"""Maximum customers for quantiles."""


class NetworkInputs:
    """The Keras inputs of a network.

    Args:
        shape: Column layout.
        train: Training customers.

    Attributes:
        shape: Column layout of the layers' inputs, without offsets.
        tensors: ``numerical`` and ``categorical``, present if not empty.
        offsets: Offsets of the log-odds, float32 (n, offsets); None without any.
        offset_columns: Their columns.
    """

    def __init__(self, shape: InputShape, train: ModelInput | None = None) -> None:
        self._positions, self.shape = shape.without_offsets()
        self._train = train
        self.tensors: dict[str, Any] = {}
        if shape.num_numerical:
            self.tensors["numerical"] = keras.Input((shape.num_numerical,), dtype="float32", name="numerical")
        if shape.cardinalities:
            self.tensors["categorical"] = keras.Input((len(shape.cardinalities),), dtype="int32", name="categorical")
        self.offset_columns = tuple(feature.column for feature in shape.features if feature.offset is not None)
        self.offsets = self._take(shape.offsets) if shape.offsets else None

    @property
    def numbers(self) -> Any:
        """All numerical inputs, float32 (n, shape.num_numerical)."""
        return self.take(tuple(range(self.shape.num_numerical)))

    def take(self, positions: tuple[int, ...]) -> Any:
        """The numerical inputs at ``positions``, float32 (n, len(positions))."""
        return self._take(tuple(self._positions[position] for position in positions))

    def _take(self, positions: tuple[int, ...]) -> Any:
        numerical = self.tensors["numerical"]
        if positions == tuple(range(numerical.shape[1])):
            return numerical
        return keras.ops.take(numerical, list(positions), axis=1)

    def embedded(self, dimension: int, *, seed: int, regularizer: Any = None) -> Any:
        """The vectors of all embedded columns concatenated, float32 (n, c * dimension)."""
        return EmbeddingBlock(
            self.shape.cardinalities,
            dimension,
            initializer=initializers.RandomUniform(seed=seed),
            regularizer=regularizer,
            name="embedding",
        )(self.tensors["categorical"])

    def training_values(self) -> npt.NDArray[np.float32]:
        """The scaled numbers of training customers, float32 (n, d), columns as in ``shape.values``.

        Without training customers, 1,001 quantiles of the normal distribution replace each column. A layer stores what
        it derives from them as a NumPy array attribute, which is serialized with the weights (`engines.network_files`).
        """
        positions = [self._positions[value] for value in self.shape.values]
        if self._train is None:
            random = np.sort(np.random.default_rng(0).standard_normal(1001)).astype(np.float32)
            return np.repeat(random[:, None], len(positions), axis=1)
        return self._train.numerical[:: step_between(self._train.num_rows), positions]


def step_between(num_rows: int) -> int:
    """Sampling stride for quantiles."""
    return max(-(-num_rows // MAX_ROWS), 1)


def join(parts: list[Any]) -> Any:
    """Concatenate parts (n, ·); a single one is returned unchanged."""
    return parts[0] if len(parts) == 1 else keras.layers.Concatenate(name="joined")(parts)
