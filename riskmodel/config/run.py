"""Configuration of one run."""

import json
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError, model_validator

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.blocks.monotone import MonotoneConfig
from riskmodel.config.ensemble import EnsembleConfig, Learner
from riskmodel.config.field import Config, setting
from riskmodel.config.invalid import describe_invalid
from riskmodel.config.network import NetworkConfig
from riskmodel.config.sections.backend import BACKENDS, Backend
from riskmodel.config.sections.calibration import CalibrationConfig, CalibrationMethod
from riskmodel.config.sections.preprocessing import PreprocessingConfig, Scaling
from riskmodel.config.sections.scale import ScaleConfig
from riskmodel.config.sections.split import SplitConfig
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.errors import ConfigError
from riskmodel.json_text import check_size, read_regular

MAX_BYTES = 1 << 23
"""Maximum size of a config as JSON; a config with overrides for 20,000 columns has about a third of it."""


class RunConfig(Config):
    """The complete configuration of a run. With the same data and machine type it reproduces the model.

    Example:
        >>> config = RunConfig.from_json('{"training": {"epochs": 3}}')
        >>> config.training.epochs, config.network.units
        (3, (128, 64))
    """

    split: SplitConfig = SplitConfig()
    preprocessing: PreprocessingConfig = PreprocessingConfig()
    network: NetworkConfig = MlpConfig()
    training: TrainingConfig = TrainingConfig()
    ensemble: EnsembleConfig = EnsembleConfig()
    calibration: CalibrationConfig = CalibrationConfig()
    scale: ScaleConfig = ScaleConfig()
    seed: int = setting(
        7,
        label="Seed",
        help="Seed of all random numbers: split, initial weights, row order, dropout. The same seed reproduces the "
        "run.",
        ge=0,
        le=2**31 - 1,
    )
    backend: Backend = setting(
        "tensorflow",
        label="Backend",
        help="Keras backend for training; the networks are the same. JAX must be installed "
        "(pip install jax), takes seconds longer to start, and can train faster.",
        labels=dict(BACKENDS),
        advanced=True,
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        directions = [isinstance(network, MonotoneConfig) and network.monotone != "none" for network in self.networks]
        if any(directions) and not all(directions):
            raise ValueError(
                "monotone columns must be set for every network of the run, since an unconstrained one would break the "
                "monotonicity of the score; set monotone in the partners too, or remove them"
            )
        return self

    @property
    def calibration_method(self) -> CalibrationMethod:
        """The calibration method: as configured, or ``auto`` if training weights customers."""
        if self.calibration.method == "none" and any(learner.training.reweighs for learner in self.learners):
            return "auto"
        return self.calibration.method

    @property
    def learners(self) -> tuple[Learner, ...]:
        """The networks of the run, each with its training: its own, then the ensemble's partners."""
        return (Learner(network=self.network, training=self.training), *self.ensemble.partners)

    @property
    def networks(self) -> tuple[NetworkConfig, ...]:
        """The networks of the run: its own, then those of the partners."""
        return tuple(learner.network for learner in self.learners)

    @property
    def variant_groups(self) -> tuple[tuple[int, ...], ...]:
        """Positions of the learners to select one from, by architecture; empty if all are trained."""
        if not self.ensemble.one_per_architecture:
            return ()
        by_architecture: dict[str, list[int]] = {}
        for number, network in enumerate(self.networks):
            by_architecture.setdefault(network.architecture, []).append(number)
        return tuple(tuple(group) for group in by_architecture.values() if len(group) > 1)

    @property
    def num_networks(self) -> int:
        """Networks that the model keeps: folds × seeds × `networks`, of which one per variant group."""
        num_kinds = len(self.networks) - sum(len(variants) - 1 for variants in self.variant_groups)
        return max(self.ensemble.folds, 1) * self.ensemble.seeds * num_kinds

    @property
    def scalings(self) -> tuple[Scaling, ...]:
        """The distinct preferred scalings of the run's networks: the views of their inputs, in this order."""
        return tuple(dict.fromkeys(network.natural_scaling for network in self.networks))

    @property
    def directed(self) -> dict[str, int]:
        """Monotone columns, 1 (risk rises) or −1 (risk falls); none is in a ratio or difference."""
        found: dict[str, int] = {}
        for network in self.networks:
            found |= network.directed if isinstance(network, MonotoneConfig) else {}
        return found

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a config; missing fields take their defaults.

        Raises:
            ConfigError: If the text is not JSON, longer than 8 MiB, names an unknown field, or a value is out of its
                range.
        """
        try:
            check_size(text, MAX_BYTES)
        except ValueError as error:
            raise ConfigError(f"The configuration {error}. Download one from a run to see its form.") from error
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:  # JSONDecodeError, undecodable bytes, nested too deeply
            raise ConfigError(
                f"The configuration is not valid JSON: {error}. Download one from a run to see its form."
            ) from error
        if not isinstance(values, dict):
            raise ConfigError(f"The configuration must be a JSON object {{…}}; received a {type(values).__name__}.")
        return cls.from_dict(values)

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read a config from a file.

        Raises:
            ConfigError: As for `from_json`, or it is not a regular file.
        """
        try:
            return cls.from_json(read_regular(path, MAX_BYTES))
        except ValueError as error:
            raise ConfigError(
                f"The configuration '{path.name}' {error}. Download one from a run to see its form."
            ) from error

    @classmethod
    def from_dict(cls, values: dict[str, Any], *, paths: bool = True) -> Self:
        """Check ``values`` as read from JSON; raises :class:`ConfigError` as :meth:`from_json`.

        Args:
            paths: Whether errors name the fields' paths in JSON as well as their labels.
        """
        try:
            # Dates as strings and tuples as lists: values are validated in JSON mode.
            return cls.model_validate_json(json.dumps(values), strict=True)
        except ValidationError as error:
            raise ConfigError(describe_invalid(cls, error, paths=paths)) from error

    def to_json(self) -> str:
        """Return the config as JSON, indented, every field present."""
        return self.model_dump_json(indent=2)

    def differences(self, other: "RunConfig") -> dict[str, tuple[Any, Any]]:
        """Return ``{"training.epochs": (mine, theirs)}`` for every field that differs."""
        mine, theirs = _flatten(self.model_dump(mode="json")), _flatten(other.model_dump(mode="json"))
        names = list(dict.fromkeys([*mine, *theirs]))
        return {name: (mine.get(name), theirs.get(name)) for name in names if mine.get(name) != theirs.get(name)}


def _flatten(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict) and value:
            flat |= _flatten(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = value
    return flat
