"""Named configurations."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from riskmodel.config.architectures.additive import AdditiveConfig
from riskmodel.config.architectures.logistic import LogisticConfig
from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.architectures.realmlp import RealMlpConfig
from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.config.ensemble import EnsembleConfig, Learner
from riskmodel.config.network import NETWORKS
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
        units: Of each of the two hidden layers.
        fast_folds, best_folds: Of the presets of these names; 0 is a single network.
        fast_blends: Whether ``fast`` is a blend of four architectures.
        best_has_simple: Whether a logistic regression and an additive network join the blend of ``best``.
    """

    num_rows: int
    members: int
    units: int
    encoding: Literal["piecewise", "none"]
    bins: int
    dropout: float
    epochs: int
    patience: int
    fast_folds: int
    best_folds: int
    fast_blends: bool = False
    best_has_simple: bool = False


# Few customers: training is fast, members stabilize the score, and wide layers with much dropout rank best. Many: finer
# bins have enough customers, and a model needs fewer folds. With one or two thousand, even coarse bins have few bad
# customers, and linear inputs predict better; holding out a fifth is too much, networks take seconds, and a blend of
# different ones is more stable.
_TINY = _Size(
    2_000,
    members=16,
    units=128,
    encoding="none",
    bins=8,
    dropout=0.25,
    epochs=60,
    patience=16,
    fast_folds=5,
    best_folds=5,
    fast_blends=True,
    best_has_simple=True,
)
_SMALL = _Size(
    10_000,
    members=16,
    units=256,
    encoding="piecewise",
    bins=8,
    dropout=0.4,
    epochs=60,
    patience=16,
    fast_folds=0,
    best_folds=5,
    best_has_simple=True,
)
_MEDIUM = _Size(
    60_000,
    members=8,
    units=128,
    encoding="piecewise",
    bins=8,
    dropout=0.1,
    epochs=30,
    patience=8,
    fast_folds=0,
    best_folds=5,
)
_LARGE = _Size(
    2**63,
    members=8,
    units=128,
    encoding="piecewise",
    bins=64,
    dropout=0.1,
    epochs=30,
    patience=8,
    fast_folds=0,
    best_folds=3,
)

_PAIRS = 16
"""Maximum of added ratios and differences; only informative ones are added."""


_REALMLP = Learner(network=RealMlpConfig(), training=RealMlpConfig.usual_training)


def _simple_learners(size: _Size) -> tuple[Learner, ...]:
    """A logistic regression and an additive network for the blend of few customers."""
    logistic = LogisticConfig.usual_training.model_copy(update={"learning_rate": 0.03, "epochs": 60, "batch_size": 64})
    additive = AdditiveConfig.usual_training.model_copy(update={"epochs": size.epochs, "patience": size.patience})
    return (
        Learner(network=LogisticConfig(l2=0.0006), training=logistic),
        Learner(network=AdditiveConfig(bins=size.bins), training=additive),
    )


def _fast(size: _Size) -> RunConfig:
    partners = (_REALMLP, *_simple_learners(size)) if size.fast_blends else ()
    return RunConfig(
        calibration=CalibrationConfig(method="auto"),
        ensemble=EnsembleConfig(folds=size.fast_folds, partners=partners),
        preprocessing=PreprocessingConfig(pairs=_PAIRS),
        network=TabmConfig(
            members=size.members,
            units=(size.units, size.units),
            dropout=size.dropout,
            numeric_encoding=size.encoding,
            bins=size.bins,
        ),
        training=TabmConfig.usual_training.model_copy(update={"epochs": size.epochs, "patience": size.patience}),
    )


def _best(size: _Size) -> RunConfig:
    """TabM and RealMLP, encodings chosen on the first fold, one of each per fold, weights of the blend out of fold.

    Folds stabilize the score like members, so fewer members are needed.
    """
    fast = _fast(replace(size, members=min(size.members, 8)))
    other: Literal["piecewise", "none"] = "none" if size.encoding == "piecewise" else "piecewise"
    partners = (
        Learner(network=fast.network.model_copy(update={"numeric_encoding": other}), training=fast.training),
        _REALMLP,
        Learner(network=RealMlpConfig(frequencies=0), training=RealMlpConfig.usual_training),
        *(_simple_learners(size) if size.best_has_simple else ()),
    )
    return fast.model_copy(
        update={"ensemble": EnsembleConfig(folds=size.best_folds, partners=partners, one_per_architecture=True)}
    )


USUAL: dict[str, Learner] = {
    name: Learner(network=network_class.usual(), training=network_class.usual_training)
    for name, network_class in NETWORKS.items()
}
"""Initial layers and training of each architecture."""


def _monotone(size: _Size) -> RunConfig:
    """The fast network, monotone in every number with a clear direction in the data."""
    fast = _fast(size)
    network = fast.network.model_copy(update={"monotone": "data"})
    return fast.model_copy(update={"network": network, "ensemble": EnsembleConfig(folds=size.fast_folds)})


def _explainable(size: _Size) -> RunConfig:
    """One additive network: every score is the sum of the columns' contributions."""
    training = AdditiveConfig.usual_training.model_copy(
        update={"epochs": max(size.epochs, 40), "patience": size.patience}
    )
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
    "fast": "one TabM with the most informative ratios and differences of columns, enlarged if it is still improving "
    "at the end; with up to 2,000 customers, a blend of four architectures. The default.",
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
