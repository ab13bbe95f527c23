"""Half a million rows: TensorFlow rewrites graphs that it estimates to be large."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.network import NETWORKS
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.features.model_input import ModelInput, aligned_zeros
from riskmodel.inputs.shape import InputFeature, InputShape
from riskmodel.networks.build import build_network
from riskmodel.training.engines.engine import Customers
from riskmodel.training.engines.executor import place_customers
from riskmodel.training.fitting.fit import FitSpec, NetworkFit
from tests.networks import small_network
from tests.riskmodel.training.customers import Recorder

ROWS = 500_000
NUM_READ = 3
NUM_COLUMNS = 64
"""A network reads 3 of them; all belong to the graph and make its estimated size 128 MB, above TensorFlow's limit."""

SHAPE = InputShape(NUM_READ, (), tuple(InputFeature(f"pay_{place}", value=place) for place in range(NUM_READ)))


@cache
def customers() -> Customers:
    random = np.random.default_rng(0)
    numerical = aligned_zeros((ROWS, NUM_COLUMNS), np.float32)
    numerical[:, :NUM_READ] = random.standard_normal((ROWS, NUM_READ), np.float32)
    bad = (numerical[:, 0] + random.standard_normal(ROWS, np.float32) > 1).astype(np.int8)
    placed = place_customers(ModelInput(numerical, np.zeros((ROWS, 0), np.int32)), bad)
    return placed.select_columns(np.arange(NUM_READ))


def train_one_epoch(network: Any, **choices: object) -> float:
    """The validation AUC after one epoch."""
    sampled = ModelInput(np.array(customers().inputs["numerical"][:1_000, :NUM_READ]), np.zeros((1_000, 0), np.int32))
    model = build_network(network, SHAPE, seed=7, train=sampled)
    validation = replace(customers(), rows=np.arange(2_000, dtype=np.int32))
    config = TrainingConfig(**{"epochs": 1, "batch_size": 8_192, "learning_rate": 0.02} | choices)
    return NetworkFit(FitSpec(model, customers(), validation, config, 7), Recorder()).run().epochs[-1].validation_auc


@pytest.mark.parametrize("architecture", NETWORKS)
def test_half_a_million_rows_train_with_every_architecture(architecture: str) -> None:
    assert train_one_epoch(small_network(architecture)) > 0.6


@pytest.mark.parametrize(
    "choices",
    [
        {"optimizer": "sgd", "learning_rate": 0.5},
        {"optimizer": "adamw", "weight_decay": 0.01},
        {"clip_norm": 1.0},
        {"batch_size": 32_768, "learning_rate": 0.1},
    ],
    ids=str,
)
def test_half_a_million_rows_train_with_every_optimizer(choices: dict[str, object]) -> None:
    assert train_one_epoch(MlpConfig(units=(4, 4), dropout=0.0, l2=0.001), **choices) > 0.6
