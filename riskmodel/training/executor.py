"""How TensorFlow carries out a compiled slice on the CPU."""

from contextlib import AbstractContextManager, nullcontext

from riskmodel.networks.backend import tf


def run_in_order(device: str) -> AbstractContextManager[None]:
    """Within this context, compiled functions run their operations one after another on the calling thread.

    The default executor hands operations between threads, which costs more than the operations of a small network
    take: in order, the mission's epoch took 10 % less time and the first slice half. Operations still use several
    threads inside where ``configure_threads`` allows. For the CPU only; on a GPU the default executor stays.

    TensorFlow has this executor in its operations (``executor_type``) but the context only inside
    ``tensorflow.python``; should a later version move it, training goes on with the default executor, slower.
    """
    if device != "cpu":
        return nullcontext()
    try:
        from tensorflow.python.eager.context import function_executor_type
    except ImportError:
        return nullcontext()
    context: AbstractContextManager[None] = function_executor_type("SINGLE_THREADED_EXECUTOR")
    return context


def device_name(device: str) -> str:
    """TensorFlow's name of ``"cpu"`` or ``"gpu"``, for ``tf.device``."""
    return "/GPU:0" if device == "gpu" else "/CPU:0"


def has_gpu() -> bool:
    """Whether TensorFlow can use a GPU in this process."""
    return bool(tf.config.list_physical_devices("GPU"))
