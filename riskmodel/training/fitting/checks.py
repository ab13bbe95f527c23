"""Checks before training. Keras itself would train on invalid data without an error."""

import numpy as np
import numpy.typing as npt

from riskmodel.errors import TrainingError
from riskmodel.features.model_input import ModelInput
from riskmodel.tables.split import SET_NAMES
from riskmodel.wording import count

_ROWS_AT_ONCE = 65_536


def check_part(name: str, inputs: ModelInput, bad: npt.NDArray[np.int8]) -> None:
    """Check one set (``"train"`` or ``"validation"``) of the customers.

    Raises:
        TrainingError: It is empty, arrays differ in length, outcomes are not 0/1 or have one class, or an input is
            not finite.
    """
    if inputs.num_rows == 0:
        raise TrainingError(f"The {SET_NAMES[name]} is empty; at least one customer is needed. Give it a larger share.")
    if bad.shape != (inputs.num_rows,):
        raise TrainingError(
            f"The {SET_NAMES[name]} needs one outcome per customer; received {bad.shape} outcomes "
            f"for {count(inputs.num_rows, 'customer')}."
        )
    values = np.unique(bad)
    if not np.isin(values, (0, 1)).all():
        raise TrainingError(
            f"Outcomes of the {SET_NAMES[name]} must be 0 (good) or 1 (bad); received {values.tolist()}."
        )
    if len(values) == 1:
        word = "bad" if values[0] == 1 else "good"
        customers = count(inputs.num_rows, "customer")
        raise TrainingError(
            f"All {customers} of the {SET_NAMES[name]} are {word}; a network needs bad and good ones to learn from. "
            "Check the target's bad value, or use more rows."
        )
    _check_finite(name, inputs.numerical)


def _check_finite(name: str, numerical: npt.NDArray[np.float32]) -> None:
    # In pieces: a mask of a large table would take a quarter of its memory.
    for start in range(0, len(numerical), _ROWS_AT_ONCE):
        finite = np.isfinite(numerical[start : start + _ROWS_AT_ONCE])
        if not finite.all():
            row, column = np.argwhere(~finite)[0]
            raise TrainingError(
                f"Every input must be a finite number; input {column} of row {start + row} of the {SET_NAMES[name]} is "
                f"{numerical[start + row, column]}. Check the preprocessing of that column (missing values, scaling)."
            )
