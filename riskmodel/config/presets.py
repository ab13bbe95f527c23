"""Recipes an analyst picks by name."""

import difflib

from riskmodel.config.calibration import CalibrationConfig
from riskmodel.config.ensemble import EnsembleConfig, Recipe
from riskmodel.config.network import MlpConfig, RealMlpConfig, TabmConfig
from riskmodel.config.preprocessing import PreprocessingConfig
from riskmodel.config.run import RunConfig
from riskmodel.config.split import SplitConfig
from riskmodel.config.training import TrainingConfig
from riskmodel.errors import ConfigError

# Written out in full, so that a later change of a default cannot change the mission's network.
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

FAST = RunConfig(
    calibration=CalibrationConfig(method="auto"),
    network=TabmConfig(members=8, units=(128, 128)),
    training=TrainingConfig(
        optimizer="adamw",
        learning_rate=0.002,
        weight_decay=0.0003,
        clip_norm=1.0,
        schedule="cosine",
        epochs=30,
        batch_size=None,
        early_stopping=True,
        patience=8,
        monitor="calibrated_loss",
        restore_best=True,
    ),
)
"""One TabM, sized for a processor of two cores."""

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
        patience=24,  # the trough between two cycles is shorter
        monitor="calibrated_loss",
        restore_best=True,
    ),
)

BEST = FAST.model_copy(update={"ensemble": EnsembleConfig(folds=5, partners=(REALMLP,))})
"""TabM and RealMLP, five folds of each, blended by weights fitted out of fold."""

USUAL: dict[str, Recipe] = {
    "mlp": Recipe(network=MISSION.network, training=MISSION.training),
    "tabm": Recipe(network=FAST.network, training=FAST.training),
    "realmlp": REALMLP,
}
"""By architecture: layers and training to begin with."""

PRESETS: dict[str, RunConfig] = {"fast": FAST, "best": BEST, "mission": MISSION}

PRESET_WORDS: dict[str, str] = {
    "fast": "one TabM with piecewise-linear encodings; the first choice while data and columns are still being shaped.",
    "best": "five TabM and five RealMLP, each validated on customers it has not seen, blended; the most accurate, and "
    "several times slower.",
    "mission": "two layers of 128 and 64 units with dropout .5, Adam, ten epochs; a plain network to compare with.",
}
"""What an analyst reads of each preset."""

DEFAULT_PRESET = "fast"
"""What a studio, a command and ``riskmodel.train`` begin with."""


def preset(name: str) -> RunConfig:
    """Return the config of preset ``name``.

    Raises:
        ConfigError: If there is no preset of that name.
    """
    if name not in PRESETS:
        close = difflib.get_close_matches(name, PRESETS, n=1)
        mend = f"Did you mean '{close[0]}'?" if close else f"Presets: {', '.join(PRESETS)}."
        raise ConfigError(f"There is no preset '{name}'. {mend}")
    return PRESETS[name]
