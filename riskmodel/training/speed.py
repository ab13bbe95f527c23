"""How fast this machine is at what training does, measured in a tenth of a second."""

import time
from collections.abc import Callable
from typing import Any

from riskmodel.networks.backend import tf
from riskmodel.networks.cost import MachineSpeed
from riskmodel.training.executor import device_name, run_in_order

_ROWS, _WIDTH = 2048, 128
_PRODUCTS = 20
_OPERATIONS = 2000
_REPEATS = 3


def measure_speed(device: str = "cpu") -> MachineSpeed:
    """Time products of matrices and small operations on ``"cpu"`` or ``"gpu"``, as training runs them."""
    with tf.device(device_name(device)), run_in_order(device):
        matrix = tf.random.stateless_normal((_ROWS, _WIDTH), (1, 2))
        square = tf.random.stateless_normal((_WIDTH, _WIDTH), (3, 4)) / _WIDTH
        product_seconds = _time(lambda values: tf.matmul(values, square), matrix, _PRODUCTS)
        operation_seconds = _time(lambda values: values * 0.5 + 1.0, tf.zeros((8,)), _OPERATIONS // 2) / 2
    return MachineSpeed(_ROWS * _WIDTH * _WIDTH / product_seconds, operation_seconds)


def _time(step: Callable[[Any], Any], start: Any, repeats: int) -> float:
    """Seconds of one step, the best of three loops of ``repeats``."""

    def loop(values: Any) -> Any:
        return tf.while_loop(
            lambda number, _: number < repeats,
            lambda number, each: (number + 1, step(each)),
            (tf.constant(0), values),
            parallel_iterations=1,
        )[1]

    compiled = tf.function(loop, autograph=False)
    compiled(start).numpy()
    best = float("inf")
    for _ in range(_REPEATS):
        started = time.perf_counter()
        compiled(start).numpy()
        best = min(best, time.perf_counter() - started)
    return best / repeats
