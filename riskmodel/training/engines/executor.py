"""Selects the training engine for the Keras backend of this process."""

import numpy as np
import numpy.typing as npt

from riskmodel.features.model_input import ModelInput
from riskmodel.networks.backend import BACKEND
from riskmodel.training.engines.engine import Customers, Engine, EngineSpec

if BACKEND == "jax":
    from riskmodel.training.engines.jax import JaxEngine
    from riskmodel.training.engines.jax_device import (
        BACKEND_ERRORS,
        device_scope,
        has_gpu,
        prepare_devices,
        put,
        repeat_on_device,
        share,
        two_operations,
    )
else:
    from riskmodel.training.engines.tensorflow import TensorFlowEngine
    from riskmodel.training.engines.tensorflow_device import (
        BACKEND_ERRORS,
        device_scope,
        has_gpu,
        prepare_devices,
        put,
        repeat_on_device,
        share,
        two_operations,
    )

__all__ = [
    "BACKEND_ERRORS",
    "device_scope",
    "has_gpu",
    "make_engine",
    "place_customers",
    "prepare_devices",
    "put",
    "repeat_on_device",
    "share",
    "two_operations",
]


def make_engine(spec: EngineSpec) -> Engine:
    """The engine of this process's backend."""
    return JaxEngine(spec) if BACKEND == "jax" else TensorFlowEngine(spec)


def place_customers(inputs: ModelInput, bad: npt.NDArray[np.int8], device: str = "cpu") -> Customers:
    """Put customers on ``"cpu"`` or ``"gpu"``; empty inputs are omitted.

    On the CPU the inputs are shared, not copied, where they are aligned as by :func:`aligned_zeros`; they
    must not be changed afterwards.
    """
    place = share if device == "cpu" else put
    with device_scope(device):
        placed = {}
        if inputs.numerical.shape[1]:
            placed["numerical"] = place(np.asarray(inputs.numerical, np.float32))
        if inputs.categorical.shape[1]:
            placed["categorical"] = place(np.asarray(inputs.categorical, np.int32))
        return Customers(placed, put(np.asarray(bad, np.float32)), bad, device=device)
