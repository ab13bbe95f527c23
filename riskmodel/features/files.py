"""A preprocessor on disk: JSON that a person can read, and an npz for the long arrays of numbers. No pickle.

``preprocessor.npz`` holds ``quantiles_<i>`` (float64) for each column i of the JSON that is scaled by quantiles.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import ValidationError

from riskmodel.errors import BundleError, RiskModelError
from riskmodel.features.fitted import FittedState

JSON_NAME = "preprocessor.json"
ARRAYS_NAME = "preprocessor.npz"


def write_state(state: FittedState) -> dict[str, bytes]:
    """The state as files by name; equal states give equal bytes."""
    values = state.model_dump(mode="json")
    arrays = {}
    for i, column in enumerate(values["columns"]):
        scaling = column.get("scaling") or {}
        if scaling.get("kind") == "quantile":
            arrays[f"quantiles_{i}"] = np.array(scaling.pop("quantiles"), np.float64)
    packed = io.BytesIO()
    np.savez_compressed(packed, allow_pickle=False, **arrays)
    text = json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False)
    return {JSON_NAME: text.encode(), ARRAYS_NAME: packed.getvalue()}


def read_state(files: Mapping[str, bytes]) -> FittedState:
    """Read what `write_state` wrote.

    Raises:
        BundleError: A file is absent or not one that this version wrote.
    """
    for name in (JSON_NAME, ARRAYS_NAME):
        if name not in files:
            raise BundleError(f"The preprocessor lacks its file '{name}'. Restore the model's folder from its source.")
    try:
        values = json.loads(files[JSON_NAME])
        _put_back(values, files[ARRAYS_NAME])
        return FittedState.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _unreadable(f"{where}: {first['msg']}") from error
    except (ValueError, KeyError, TypeError, AttributeError, OSError, zipfile.BadZipFile, RiskModelError) as error:
        raise _unreadable(str(error)) from error


def _put_back(values: Any, packed: bytes) -> None:
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        for i, column in enumerate(values["columns"]):
            scaling = column.get("scaling") or {}
            if scaling.get("kind") == "quantile":
                scaling["quantiles"] = arrays[f"quantiles_{i}"].tolist()


def _unreadable(why: str) -> BundleError:
    return BundleError(
        f"'{JSON_NAME}' and '{ARRAYS_NAME}' are not a preprocessor that this version wrote ({why}). "
        "Restore the model's folder from its source, or train again."
    )
