"""Trainings without dropout, which give equal results on every backend."""

from typing import Any

import numpy as np

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.architectures.realmlp import RealMlpConfig
from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.config.network import NETWORKS
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.inputs.shape import InputFeature, InputShape
from riskmodel.networks.build import build_network
from tests.riskmodel.training.customers import fit_network, make_customers

SHAPE = InputShape(
    4,
    (3,),
    (
        InputFeature("pay_1", value=0),
        InputFeature("pay_2", value=1),
        InputFeature("owner", indicators=(2,)),
        InputFeature("pay_3", value=3),
        InputFeature("region", embedding=0),
    ),
)

SMALL = MlpConfig(units=(6, 5), dropout=0.0)
CHOICES: dict[str, tuple[Any, dict[str, object]]] = {
    "sgd": (SMALL, {"optimizer": "sgd", "learning_rate": 0.1}),
    "momentum": (SMALL, {"optimizer": "momentum", "momentum": 0.8, "learning_rate": 0.05}),
    "adam": (SMALL, {"optimizer": "adam", "beta_2": 0.95}),
    "adamw": (SMALL, {"optimizer": "adamw", "weight_decay": 0.1}),
    "rmsprop": (SMALL, {"optimizer": "rmsprop"}),
    "cosine": (SMALL, {"schedule": "cosine", "learning_rate": 0.01}),
    "four cycles": (SMALL, {"schedule": "cycles", "learning_rate": 0.01}),
    "plateau": (SMALL, {"schedule": "plateau", "plateau_patience": 1, "learning_rate": 0.05}),
    "gradient limit": (SMALL, {"optimizer": "sgd", "learning_rate": 2.0, "clip_norm": 0.05}),
    "class weights": (SMALL, {"class_weights": "balanced"}),
    "focal loss": (SMALL, {"loss": "focal", "focal_gamma": 1.5, "optimizer": "sgd", "learning_rate": 0.3}),
    "monotone columns": (
        MlpConfig(units=(6,), dropout=0.0, monotone="chosen", increasing=("pay_1",), decreasing=("pay_3",)),
        {"optimizer": "sgd", "learning_rate": 0.3},
    ),
    "batch normalisation and penalty": (MlpConfig(units=(6,), dropout=0.0, normalization="batch", l2=0.01), {}),
    "layer normalisation": (MlpConfig(units=(6,), dropout=0.0, normalization="layer", activation="selu"), {}),
    "rates and decays of single weights": (
        RealMlpConfig(units=(6,), dropout=0.0),
        {"optimizer": "adamw", "weight_decay": 0.1, "learning_rate": 0.01},
    ),
    "members": (TabmConfig(members=3, units=(6,), dropout=0.0, bins=4), {"optimizer": "sgd", "learning_rate": 0.3}),
}


def without_dropout(architecture: str) -> Any:
    """The architecture's default network with no dropout."""
    fields = NETWORKS[architecture].model_fields
    return NETWORKS[architecture](**{name: 0.0 for name in fields if "dropout" in name})


def train(network: Any, epochs: int = 3, num_rows: int = 512, **choices: object) -> dict[str, list[float]]:
    """Losses of each epoch and all weights at the end, of a training with batches of 64.

    A smaller last batch is a program of its own to compile: only a few cases have one.
    """
    inputs, bad = make_customers(num_rows)
    inputs.numerical[:, 2] = inputs.numerical[:, 2] > 0
    model = build_network(network, SHAPE, seed=7, train=inputs)
    config = TrainingConfig(**{"epochs": epochs, "batch_size": 64} | choices)
    history, log_odds = fit_network(model, (inputs, bad), make_customers(200, seed=1), config)
    return {
        "train": [result.train_loss for result in history.epochs],
        "validation": [result.validation_loss for result in history.epochs],
        "weights": np.concatenate([variable.numpy().ravel() for variable in model.trainable_variables]).tolist(),
        "predicted": log_odds.tolist(),
    }
