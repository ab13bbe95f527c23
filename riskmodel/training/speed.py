"""Speed of this machine for training, measured in a tenth of a second."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.networks.backend import keras
from riskmodel.sizing.cost import MachineSpeed
from riskmodel.training.engines.executor import device_scope, put, repeat_on_device, two_operations

_ROWS, _WIDTH = 2048, 128
_PRODUCTS = 20
_OPERATIONS = 2000
_REPEATS = 3


def measure_speed(device: str = "cpu") -> MachineSpeed:
    """Time matrix products and small operations on ``"cpu"`` or ``"gpu"``, as training runs them."""
    random = np.random.default_rng(0)
    matrix = random.standard_normal((_ROWS, _WIDTH), np.float32)
    with device_scope(device):
        square = put(random.standard_normal((_WIDTH, _WIDTH), np.float32) / _WIDTH)
    product_seconds = _time(lambda values: keras.ops.matmul(values, square), matrix, _PRODUCTS, device)
    operation_seconds = _time(two_operations, np.eye(8, dtype=np.float32), _OPERATIONS // 2, device) / 2
    return MachineSpeed(_ROWS * _WIDTH * _WIDTH / product_seconds, operation_seconds)


def _time(step: Callable[[Any], Any], start: npt.NDArray[np.float32], repeats: int, device: str) -> float:
    """Seconds of one step, the best of three loops of ``repeats``."""
    run = repeat_on_device(step, start, repeats, device)
    run()
    best = float("inf")
    for _ in range(_REPEATS):
        started = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - started)
    return best / repeats
