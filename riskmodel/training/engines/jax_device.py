"""Devices and speed under JAX."""

import os
from contextlib import AbstractContextManager
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

BACKEND_ERRORS = (jax.errors.JaxRuntimeError,)
"""Errors JAX raises when out of memory, and for other faults."""


def device_scope(device: str) -> AbstractContextManager[Any]:
    """Context in which new arrays are placed on ``"cpu"`` or ``"gpu"``."""
    scope: AbstractContextManager[Any] = jax.default_device(jax.devices(device)[0])
    return scope


def has_gpu() -> bool:
    """Whether JAX can use a GPU in this process."""
    try:
        return bool(jax.devices("gpu"))
    except RuntimeError:  # raised by JAX without such a device
        return False


def put(array: npt.NDArray[Any]) -> Any:
    """A copy of the array on the device of the scope."""
    return jax.numpy.array(array)


def share(array: npt.NDArray[Any]) -> Any:
    """The array itself on the CPU if JAX can read it in place; a copy if it is not aligned."""
    return jax.numpy.asarray(array)


def prepare_devices() -> None:
    """Allocate GPU memory on demand. Has an effect only before JAX's first operation.

    Threads are left to XLA, which uses several only for large products.
    """
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")


def two_operations(values: Any) -> Any:
    """Two small operations on float32 (8, 8): products, since XLA fuses the operations between them."""
    return (values @ values) @ values


def repeat_on_device(step: Any, start: npt.NDArray[np.float32], repeats: int, device: str) -> Any:
    """A function that runs ``step`` ``repeats`` times in sequence and waits for the result."""
    compiled = jax.jit(lambda first: jax.lax.fori_loop(0, repeats, lambda _, values: step(values), first))

    def run() -> None:
        with device_scope(device):
            jax.block_until_ready(compiled(put(start)))

    return run
