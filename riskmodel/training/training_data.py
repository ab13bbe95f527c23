"""Preprocessed customers of a dataset, as networks are trained on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.features.model_input import ModelInput
from riskmodel.inputs.shape import InputShape
from riskmodel.tables.split import Split


@dataclass(frozen=True, eq=False)
class TrainingData:
    """All n rows of a dataset.

    Attributes:
        inputs: n rows.
        bad: int8 (n,), 1 bad, 0 good, -1 without a known outcome.
        split: Set of each row.
        shape: Column layout of ``inputs``.
        refit: Inputs of all rows for a fold, given its training and validation rows; None if they are ``inputs``.
    """

    inputs: ModelInput
    bad: npt.NDArray[np.int8]
    split: Split
    shape: InputShape
    refit: Callable[[npt.NDArray[np.integer], npt.NDArray[np.integer]], ModelInput] | None = None
