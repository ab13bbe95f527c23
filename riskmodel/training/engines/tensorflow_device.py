"""Devices, threads and speed under TensorFlow."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.errors import TrainingError
from riskmodel.features.model_input import ALIGNMENT
from riskmodel.networks.backend import tf
from riskmodel.sizing.cores import num_cores

BACKEND_ERRORS = (tf.errors.ResourceExhaustedError,)
"""Errors TensorFlow raises when out of memory."""

_NO_MEMORY_OPTIMIZER = 1
"""``RewriterConfig.NO_MEM_OPT``."""


@contextmanager
def run_in_order(device: str) -> Iterator[None]:
    """Context in which compiled functions run their operations sequentially on the calling thread.

    The default executor hands operations between threads, which costs more than the operations of a small network
    take: in order, the reference epoch took 10% less time and the first slice half. Operations still use several
    threads inside where ``configure_threads`` allows. For the CPU only; on a GPU the default executor stays.

    This executor cannot run operations on reference variables. TensorFlow's memory optimizer writes them into a graph
    in place of any sum (``AddN``) as soon as it estimates the graph's tensors, the customers among them, at more than
    205 MB. It is therefore switched off within this context; a function is optimized at its first call.

    TensorFlow has this executor in its operations (``executor_type``) but the context only inside
    ``tensorflow.python``; should a later version move it, training continues with the default executor, slower.
    """
    if device != "cpu":
        yield
        return
    try:
        from tensorflow.python.eager.context import context, function_executor_type
    except ImportError:
        yield
        return
    with function_executor_type("SINGLE_THREADED_EXECUTOR"):
        options = context().function_call_options
        config = tf.compat.v1.ConfigProto.FromString(options.config_proto_serialized)
        config.graph_options.rewrite_options.memory_optimization = _NO_MEMORY_OPTIMIZER
        options.config_proto_serialized = config
        yield


def device_scope(device: str) -> AbstractContextManager[Any]:
    """Context in which new tensors are placed on ``"cpu"`` or ``"gpu"``."""
    scope: AbstractContextManager[Any] = tf.device("/GPU:0" if device == "gpu" else "/CPU:0")
    return scope


def has_gpu() -> bool:
    """Whether TensorFlow can use a GPU in this process."""
    return bool(tf.config.list_physical_devices("GPU"))


def put(array: npt.NDArray[Any]) -> Any:
    """A copy of the array on the device of the scope."""
    return tf.constant(array)


def share(array: npt.NDArray[Any]) -> Any:
    """The array itself as a tensor on the CPU, if TensorFlow can read it in place, else a copy.

    TensorFlow aborts the process on an unaligned array, so alignment is checked first.
    """
    if not array.size or array.ctypes.data % ALIGNMENT or not (array.flags.c_contiguous and array.flags.writeable):
        return tf.constant(array)
    return tf.experimental.dlpack.from_dlpack(array.__dlpack__())


def prepare_devices() -> None:
    """Set threads and allocate GPU memory on demand. Has an effect only before TensorFlow's first operation."""
    configure_threads()
    for gpu in tf.config.list_physical_devices("GPU"):
        try:
            tf.config.experimental.set_memory_growth(gpu, True)
        except RuntimeError:  # TensorFlow is already running in this process: its memory setting stays
            return


def configure_threads() -> None:
    """Set the number of threads of a training process. Has no effect once TensorFlow has run an operation.

    One by default. At batch 32 an operation takes microseconds, less than waking a second thread does: the reference
    epoch took 0.10 s on one thread and 0.22–0.28 s on two (two cores); at batch 2048 two threads gained a sixth.
    The other cores stay free for other runs and the pages. ``RISKMODEL_TRAINING_THREADS`` overrides the value where
    wide networks with large batches are common.

    Raises:
        TrainingError: ``RISKMODEL_TRAINING_THREADS`` is not a whole number from 1 up.
    """
    text = os.environ.get("RISKMODEL_TRAINING_THREADS", "1")
    if not text.isdecimal() or int(text) < 1:
        raise TrainingError(f"RISKMODEL_TRAINING_THREADS must be a whole number from 1 up; received '{text}'.")
    try:
        tf.config.threading.set_intra_op_parallelism_threads(int(text))
        # Networks trained in parallel use one thread each; a single one runs in order on one (``run_in_order``).
        tf.config.threading.set_inter_op_parallelism_threads(num_cores())
    except RuntimeError:  # TensorFlow is already running in this process: its threads stay
        return


def two_operations(values: Any) -> Any:
    """Two small operations on float32 (8, 8), typical of a training step."""
    return values * 0.5 + 1.0


def repeat_on_device(step: Any, start: npt.NDArray[np.float32], repeats: int, device: str) -> Any:
    """A function that runs ``step`` ``repeats`` times in sequence and waits for the result."""

    def loop(values: Any) -> Any:
        return tf.while_loop(
            lambda number, _: number < repeats,
            lambda number, latest: (number + 1, step(latest)),
            (tf.constant(0), values),
            parallel_iterations=1,
        )[1]

    compiled = tf.function(loop, autograph=False)

    def run() -> None:
        with device_scope(device), run_in_order(device):
            compiled(put(start)).numpy()

    return run
