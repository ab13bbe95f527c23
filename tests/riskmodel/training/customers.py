"""Small synthetic customers and listeners for the tests of training."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from riskmodel.config.run import RunConfig
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.features.model_input import ModelInput
from riskmodel.training.progress import EpochResult, FitHistory, SilentListener, SliceProgress, TrainingListener


def make_customers(num_rows: int, num_numerical: int = 4, seed: int = 0) -> tuple[ModelInput, np.ndarray]:
    """Inputs with one embedded column of three categories, and outcomes (n,) int8 that depend on both."""
    random = np.random.default_rng(seed)
    numerical = random.standard_normal((num_rows, num_numerical), dtype=np.float32)
    categorical = random.integers(0, 3, (num_rows, 1), dtype=np.int32)
    log_odds = 1.5 * numerical[:, 0] - numerical[:, 1] + (categorical[:, 0] - 1.0)
    bad = (random.random(num_rows) < 1 / (1 + np.exp(-log_odds))).astype(np.int8)
    return ModelInput(numerical, categorical), bad


def fit_network(
    model: Any,
    train: tuple[ModelInput, np.ndarray],
    validation: tuple[ModelInput, np.ndarray],
    config: TrainingConfig,
    seed: int = 7,
    listener: TrainingListener | None = None,
) -> tuple[FitHistory, np.ndarray]:
    """Train the model; returns its epochs, and the log-odds of the validation customers with the kept weights."""
    from riskmodel.training.engines.executor import place_customers  # imports Keras
    from riskmodel.training.fitting.fit import FitSpec, NetworkFit

    spec = FitSpec(model, place_customers(*train), place_customers(*validation), config, seed)
    fit = NetworkFit(spec, listener or SilentListener())
    return fit.run(), fit.kept_log_odds


def as_dict(inputs: ModelInput) -> dict[str, np.ndarray]:
    return {"numerical": inputs.numerical, "categorical": inputs.categorical}


def weights(model) -> list[np.ndarray]:
    return [variable.numpy() for variable in model.trainable_variables]


class Recorder(SilentListener):
    """Records all reports; requests a stop after ``stop_after`` slices."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.stop_after = stop_after
        self.phases: list[str] = []
        self.log: list[str] = []
        self.slices: list[SliceProgress] = []
        self.epochs: list[EpochResult] = []
        self.configs: list[RunConfig] = []

    def on_config(self, config: RunConfig, epochs: Sequence[EpochResult]) -> None:
        self.configs.append(config)
        self.epochs = list(epochs)

    def on_phase(self, text: str) -> None:
        self.phases.append(text)

    def on_log(self, text: str) -> None:
        self.log.append(text)

    def on_slice(self, progress: SliceProgress) -> None:
        self.slices.append(progress)

    def on_epoch(self, result: EpochResult) -> None:
        self.epochs.append(result)

    def should_stop(self) -> bool:
        return self.stop_after is not None and len(self.slices) >= self.stop_after
