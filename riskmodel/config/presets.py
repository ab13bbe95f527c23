"""Named configurations."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from riskmodel.config.ensemble import EnsembleConfig, Recipe
from riskmodel.config.network import (
    AdditiveConfig,
    CnnConfig,
    FtTransformerConfig,
    LogisticConfig,
    LstmConfig,
    MlpConfig,
    RealMlpConfig,
    ResnetConfig,
    TabmConfig,
)
from riskmodel.config.run import RunConfig
from riskmodel.config.sections.calibration import CalibrationConfig
from riskmodel.config.sections.preprocessing import PreprocessingConfig
from riskmodel.config.sections.split import SplitConfig
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.errors import ConfigError

# Written out in full, so that a later change of a default cannot change this preset.
MISSION = RunConfig(
    split=SplitConfig(method="random", validation_share=0.2, test_share=0.2),
    preprocessing=PreprocessingConfig(scaling="standard", encoding="onehot"),
    network=MlpConfig(
        architecture="mlp", units=(128, 64), activation="relu", dropout=0.5, normalization="none", l2=0.0
    ),
    training=TrainingConfig(
        optimizer="adam",
        learning_rate=0.001,
        schedule="constant",
        epochs=10,
        batch_size=32,
        class_weights="none",
        early_stopping=False,
        restore_best=False,
    ),
)


@dataclass(frozen=True)
class _Size:
    """Settings of TabM by number of customers, for a CPU of two cores.

    Attributes:
        fast_folds, best_folds: Of the presets of these names; 0 is a single network.
    """

    num_rows: int
    members: int
    encoding: Literal["piecewise", "none"]
    bins: int
    dropout: float
    epochs: int
    patience: int
    fast_folds: int
    best_folds: int


# Few customers: training is fast, and members stabilize the score. Many: finer bins have enough customers, and a model
# needs fewer folds. With one or two thousand, even coarse bins have few bad customers, and linear inputs
# predict better; holding out a fifth is too much, and five networks take seconds.
_TINY = _Size(
    2_000, members=16, encoding="none", bins=8, dropout=0.25, epochs=60, patience=16, fast_folds=5, best_folds=5
)
_SMALL = _Size(
    10_000, members=16, encoding="piecewise", bins=8, dropout=0.1, epochs=60, patience=16, fast_folds=0, best_folds=5
)
_MEDIUM = _Size(
    60_000, members=8, encoding="piecewise", bins=8, dropout=0.1, epochs=30, patience=8, fast_folds=0, best_folds=5
)
_LARGE = _Size(
    2**63, members=8, encoding="piecewise", bins=64, dropout=0.1, epochs=30, patience=8, fast_folds=0, best_folds=3
)

_PAIRS = 16
"""Maximum of added ratios and differences; only informative ones are added."""


def _fast(size: _Size) -> RunConfig:
    return RunConfig(
        calibration=CalibrationConfig(method="auto"),
        ensemble=EnsembleConfig(folds=size.fast_folds),
        preprocessing=PreprocessingConfig(pairs=_PAIRS),
        network=TabmConfig(
            members=size.members,
            units=(128, 128),
            dropout=size.dropout,
            numeric_encoding=size.encoding,
            bins=size.bins,
        ),
        training=TrainingConfig(
            optimizer="adamw",
            learning_rate=0.002,
            weight_decay=0.0003,
            clip_norm=1.0,
            schedule="cosine",
            epochs=size.epochs,
            batch_size=None,
            early_stopping=True,
            patience=size.patience,
            monitor="calibrated_loss",
            restore_best=True,
        ),
    )


FAST = _fast(_MEDIUM)

_PATIENT = FAST.training
"""AdamW with a decaying rate and early stopping on the calibrated validation loss."""

REALMLP = Recipe(
    network=RealMlpConfig(),
    training=TrainingConfig(
        optimizer="adamw",
        learning_rate=0.04,
        beta_2=0.95,
        weight_decay=0.02,
        schedule="cycles",
        epochs=64,
        batch_size=None,
        early_stopping=True,
        patience=24,  # longer than the trough between two cycles
        monitor="calibrated_loss",
        restore_best=True,
    ),
)


def _best(size: _Size) -> RunConfig:
    """TabM and RealMLP, encodings chosen on the first fold, one of each per fold, weights of the blend out of fold.

    Folds stabilize the score like members, so fewer members are needed.
    """
    fast = _fast(replace(size, members=min(size.members, 8)))
    other: Literal["piecewise", "none"] = "none" if size.encoding == "piecewise" else "piecewise"
    partners = (
        Recipe(network=fast.network.model_copy(update={"numeric_encoding": other}), training=fast.training),
        REALMLP,
        REALMLP.model_copy(update={"network": RealMlpConfig(frequencies=0)}),
    )
    return fast.model_copy(
        update={"ensemble": EnsembleConfig(folds=size.best_folds, partners=partners, one_per_architecture=True)}
    )


_SLOW = _PATIENT.model_copy(update={"learning_rate": 0.0003, "weight_decay": 0.00001})
_BRISK = _PATIENT.model_copy(update={"learning_rate": 0.005, "epochs": 40})

USUAL: dict[str, Recipe] = {
    "tabm": Recipe(network=FAST.network, training=FAST.training),
    "realmlp": REALMLP,
    "mlp": Recipe(network=MISSION.network, training=MISSION.training),
    "resnet": Recipe(network=ResnetConfig(), training=_PATIENT.model_copy(update={"learning_rate": 0.0005})),
    "ft_transformer": Recipe(network=FtTransformerConfig(), training=_SLOW),
    "additive": Recipe(network=AdditiveConfig(), training=_BRISK),
    "cnn": Recipe(network=CnnConfig(), training=_PATIENT.model_copy(update={"learning_rate": 0.001})),
    "lstm": Recipe(network=LstmConfig(), training=_PATIENT.model_copy(update={"learning_rate": 0.002})),
    "logistic": Recipe(network=LogisticConfig(), training=_BRISK.model_copy(update={"weight_decay": 0.0})),
}
"""Initial layers and training of each architecture."""


def _monotone(size: _Size) -> RunConfig:
    """The fast network, monotone in every number with a clear direction in the data."""
    fast = _fast(size)
    return fast.model_copy(update={"network": fast.network.model_copy(update={"monotone": "data"})})


def _explainable(size: _Size) -> RunConfig:
    """One additive network: every score is the sum of the columns' contributions."""
    training = _BRISK.model_copy(update={"epochs": max(size.epochs, 40), "patience": size.patience})
    return RunConfig(
        calibration=CalibrationConfig(method="temperature"),
        network=AdditiveConfig(bins=max(size.bins, 32)),
        training=training,
    )


_PRESETS: dict[str, Callable[[_Size], RunConfig]] = {
    "fast": _fast,
    "best": _best,
    "monotone": _monotone,
    "explainable": _explainable,
    "mission": lambda _: MISSION,
}

PRESETS = tuple(_PRESETS)
"""Names of the presets, the default first."""

PRESET_WORDS: dict[str, str] = {
    "fast": "one TabM with the most informative ratios and differences of columns; the default while data and "
    "columns are being prepared.",
    "best": "three to five TabM and as many RealMLP, their encodings chosen by validation, each validated on customers "
    "it was not trained on, blended; the most accurate, and several times slower.",
    "monotone": "the fast network, but the risk can only rise, or only fall, with every number that clearly has a "
    "direction in the training customers; for example, a larger income never increases the risk.",
    "explainable": "an additive network: each column adds a contribution to the score, which explains it exactly.",
    "mission": "two layers of 128 and 64 units with dropout .5, Adam, ten epochs; a simple network for comparison.",
}
"""Description of each preset."""

DEFAULT_PRESET = "fast"
"""Default preset of pages, commands and ``riskmodel.train``."""


def preset(name: str, num_rows: int | None = None) -> RunConfig:
    """Return the config of preset ``name`` for a file of ``num_rows`` customers, some tens of thousands by default.

    Raises:
        ConfigError: If there is no preset of that name.

    Example:
        >>> preset("fast", 1_000).network.members, preset("fast").network.members
        (16, 8)
    """
    if name not in _PRESETS:
        close = difflib.get_close_matches(name, _PRESETS, n=1)
        hint = f"Did you mean '{close[0]}'?" if close else f"Presets: {', '.join(PRESETS)}."
        raise ConfigError(f"There is no preset '{name}'. {hint}")
    sizes = (_TINY, _SMALL, _MEDIUM, _LARGE)
    size = _MEDIUM if num_rows is None else next(size for size in sizes if num_rows <= size.num_rows)
    return _PRESETS[name](size)
