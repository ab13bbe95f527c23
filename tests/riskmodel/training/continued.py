"""One training without interruption, and the same in two parts, on any backend."""

import io
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.inputs.shape import InputShape
from riskmodel.networks.build import build_network
from riskmodel.training.engines.executor import place_customers
from riskmodel.training.fitting.checkpoint import Checkpoint
from riskmodel.training.fitting.fit import FitSpec, NetworkFit
from riskmodel.training.progress import FitHistory
from tests.riskmodel.training.customers import Recorder, make_customers

NETWORK = MlpConfig(units=(6, 5), dropout=0.4, normalization="batch")
CHOICES: dict[str, dict[str, Any]] = {
    "adam": {"restore_best": True},
    "momentum and a gradient limit": {"optimizer": "momentum", "clip_norm": 0.5, "learning_rate": 0.05},
    "rmsprop": {"optimizer": "rmsprop"},
    "plateau": {"schedule": "plateau", "plateau_patience": 1, "learning_rate": 0.3, "optimizer": "sgd"},
    "cosine": {"schedule": "cosine", "learning_rate": 0.05, "optimizer": "adamw", "early_stopping": True},
}


def begin(config: TrainingConfig, listener: Recorder | None = None) -> NetworkFit:
    inputs, bad = make_customers(300, seed=1)
    validation, validation_bad = make_customers(200, seed=2)
    spec = FitSpec(
        build_network(NETWORK, InputShape(4, (3,)), seed=7),
        place_customers(inputs, bad),
        place_customers(validation, validation_bad),
        config,
        7,
    )
    return NetworkFit(spec, listener or Recorder(), keeps_checkpoint=True)


def through_a_file(checkpoint: Checkpoint) -> Checkpoint:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "checkpoint.npz"
        with path.open("wb") as stream:
            checkpoint.write(stream)
        return Checkpoint.read(path)


def size_of(checkpoint: Checkpoint) -> int:
    stream = io.BytesIO()
    checkpoint.write(stream)
    return len(stream.getvalue())


def both_ways(**choices: Any) -> dict[str, Any]:
    """Six epochs at once, and three of six with three more: the largest differences of weights and figures."""
    config = TrainingConfig(**{"epochs": 6, "batch_size": 64} | choices)
    whole, first, second = begin(config), begin(config), begin(config)
    at_once = whole.run()
    for _ in range(3):
        first.run_epoch()
    second.resume(through_a_file(first.make_checkpoint()))
    in_parts = second.run()
    return {
        "epochs": [result.epoch for result in in_parts.epochs],
        "best": [at_once.best_epoch, in_parts.best_epoch],
        "weights": max(
            float(np.max(np.abs(a.numpy().astype(float) - b.numpy().astype(float))))
            for a, b in zip(whole.model.variables, second.model.variables, strict=True)
        ),
        "figures": max(_differences(at_once, in_parts)),
        "kept": float(np.abs(whole.kept_log_odds - second.kept_log_odds).max()),
        "gradient_norms": [result.gradient_norm for result in at_once.epochs],
    }


def assert_the_same(found: dict[str, Any]) -> None:
    """Assert that both ways of `both_ways` have equal results."""
    assert found["epochs"] == [1, 2, 3, 4, 5, 6]
    assert found["best"][0] == found["best"][1]
    assert (found["weights"], found["figures"], found["kept"]) == pytest.approx((0, 0, 0), abs=1e-6)


def _differences(one: FitHistory, other: FitHistory) -> list[float]:
    names = ("train_loss", "validation_loss", "train_ks", "validation_ks", "learning_rate", "gradient_norm")
    return [
        abs(getattr(a, name) - getattr(b, name))
        for a, b in zip(one.epochs, other.epochs, strict=True)
        for name in names
    ]
