"""Warm-up of a trainer process before its run is known, so that the run starts at once."""

import numpy as np

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.features.model_input import ModelInput
from riskmodel.inputs.shape import InputShape
from riskmodel.networks.backend import BACKEND
from riskmodel.networks.build import build_network
from riskmodel.training.conversion.export import to_onnx
from riskmodel.training.engines.blended import BlendedNetwork
from riskmodel.training.engines.executor import device_scope, has_gpu, place_customers, prepare_devices
from riskmodel.training.fitting.fit import FitSpec, NetworkFit
from riskmodel.training.progress import SilentListener

_ROWS = 40


def warm_up(device: str = "cpu") -> None:
    """Train and export a tiny network, so that everything loaded on first use is loaded.

    Takes about two seconds after TensorFlow's import; afterwards a network's first epoch begins in a third of a
    second. JAX takes as long, but compiles each network for some seconds more. It does not affect a later run:
    networks and row orders have their own seeds.

    Args:
        device: ``"cpu"``, ``"gpu"`` or ``"auto"``; without a GPU the CPU is warmed.
    """
    prepare_devices()
    chosen = "gpu" if device != "cpu" and has_gpu() else "cpu"
    random = np.random.default_rng(0)
    inputs = ModelInput(
        random.standard_normal((_ROWS, 3), dtype=np.float32), random.integers(0, 2, (_ROWS, 1), dtype=np.int32)
    )
    customers = place_customers(inputs, (np.arange(_ROWS) % 2).astype(np.int8), chosen)
    training = TrainingConfig(epochs=1, batch_size=16)
    shape = InputShape(3, (2,))
    with device_scope(chosen):
        model = build_network(MlpConfig(units=(4,)), shape, seed=0)
        NetworkFit(FitSpec(model, customers, customers, training, seed=0), SilentListener()).run()
    if BACKEND == "tensorflow":  # other backends convert in a subprocess
        to_onnx([BlendedNetwork(model, (0, 1, 2), 1.0)], shape)
