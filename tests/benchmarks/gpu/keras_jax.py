"""The project's engine: Keras on JAX."""

from __future__ import annotations

import jax
import numpy as np
import numpy.typing as npt

from riskmodel.config.ensemble import Learner
from riskmodel.features.model_input import ModelInput
from riskmodel.networks.build import build_network
from riskmodel.training.engines.engine import EngineSpec
from riskmodel.training.engines.executor import device_scope, make_engine, place_customers
from riskmodel.training.engines.schedules import Schedule
from tests.benchmarks.gpu.cases import SHAPE
from tests.benchmarks.gpu.measurement import Steps, process_memory

_SAMPLE_ROWS = 100_000
"""Customers whose quantiles are the edges of numeric encodings."""


def prepare_steps(learner: Learner, inputs: ModelInput, bad: npt.NDArray[np.int8], device: str) -> Steps:
    """The engine of ``learner``, with all customers on the device."""
    with device_scope(device):
        model = build_network(learner.network, SHAPE, 7, inputs.take(np.arange(min(len(bad), _SAMPLE_ROWS))))
    customers, config = place_customers(inputs, bad, device), learner.training
    batch_size = config.batch_rows(len(bad))
    schedule = Schedule(config, config.epochs * -(-len(bad) // batch_size))
    engine = make_engine(EngineSpec(model, customers, config, schedule))
    order = engine.place_order(np.random.default_rng(0).permutation(len(bad)).astype(np.int32))

    def run(start: int, stop: int) -> None:
        engine.run_slice(order, start, stop, steps_before=0)

    def read_memory() -> int:
        if device == "cpu":
            return process_memory()
        return int((jax.devices("gpu")[0].memory_stats() or {}).get("bytes_in_use", 0))

    return Steps(len(bad), batch_size, run, read_memory)
