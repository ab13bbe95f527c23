"""Files of a preprocessor: readable JSON, and an npz for long arrays. No pickle.

``preprocessor.npz`` holds ``quantiles_<i>`` (float64) for each column i of the JSON that is scaled by quantiles.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import ValidationError

from riskmodel.errors import BundleError, RiskModelError, first_problem
from riskmodel.features.fitted import FittedState
from riskmodel.features.stored.state_rules import check_state

JSON_NAME = "preprocessor.json"
ARRAYS_NAME = "preprocessor.npz"

_MAX_ARRAY_BYTES = 1 << 24
_FAULTS = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OSError,
    RecursionError,
    RuntimeError,  # an encrypted archive or an unknown compression
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RiskModelError,
)


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
    """Read the files of `write_state`.

    Raises:
        BundleError: a file is missing or not of this version.
    """
    for name in (JSON_NAME, ARRAYS_NAME):
        if name not in files:
            raise BundleError(f"The preprocessor lacks its file '{name}'. Restore the model's folder from its source.")
    try:
        values = json.loads(files[JSON_NAME])
        _insert_arrays(values, files[ARRAYS_NAME])
        state = FittedState.model_validate(values)
        check_state(state)
        return state
    except ValidationError as error:
        first = first_problem(error)
        where = ".".join(str(part) for part in first["loc"])
        raise _unreadable(f"{where}: {first['msg']}") from error
    except _FAULTS as error:
        raise _unreadable(str(error)) from error


def _insert_arrays(values: Any, packed: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        unread = archive.namelist()
        for i, column in enumerate(values["columns"]):
            scaling = column.get("scaling") or {}
            if scaling.get("kind") == "quantile":
                name = f"quantiles_{i}.npy"
                if name not in unread:
                    raise ValueError(f"the quantiles of column '{column.get('name')}' are missing")
                scaling["quantiles"] = _read_numbers(archive, name).tolist()
                unread.remove(name)
        if unread:
            raise ValueError(f"'{unread[0]}' belongs to no column")


def _read_numbers(archive: zipfile.ZipFile, name: str) -> npt.NDArray[np.float64]:
    """One array (n,) of an npz; `numpy.load` would allocate the size declared in its header."""
    with archive.open(name) as stream:
        content = stream.read(_MAX_ARRAY_BYTES + 1)
    if len(content) > _MAX_ARRAY_BYTES:
        raise ValueError(f"{name} has more than {_MAX_ARRAY_BYTES:,} bytes")
    body = io.BytesIO(content)
    version = np.lib.format.read_magic(body)
    shape, _, dtype = np.lib.format.read_array_header_1_0(body)
    num_bytes = len(content) - body.tell()
    if version != (1, 0) or dtype != np.float64 or len(shape) != 1 or 8 * shape[0] != num_bytes:
        raise ValueError(f"{name} declares {shape} numbers of type {dtype}, but has {num_bytes:,} bytes")
    return np.frombuffer(content, np.float64, offset=body.tell())


def _unreadable(why: str) -> BundleError:
    return BundleError(
        f"'{JSON_NAME}' and '{ARRAYS_NAME}' are not a preprocessor that this version wrote ({why}). "
        "Restore the model's folder from its source, or train again."
    )
