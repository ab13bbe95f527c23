"""Calibrators from log-odds to probabilities: the identity, and fitted ones.

Every calibrator is non-decreasing, so customers keep their order, up to ties.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from riskmodel.errors import BundleError

FloatArray = npt.NDArray[np.float64]


class Calibrator(Protocol):
    """Mapping of log-odds to probabilities."""

    @property
    def kind(self) -> str:
        """Its name in ``calibrator.json``."""

    def to_probability(self, log_odds: npt.NDArray[np.floating]) -> FloatArray:
        """P(bad) in [0, 1], float64 (n,), of log-odds (n,)."""

    def to_json(self) -> str:
        """JSON for `read_calibrator`."""


@dataclass(frozen=True)
class _Parameters:
    """Base of calibrators: a kind and parameters, stored as JSON."""

    kind: ClassVar[str]

    def to_json(self) -> str:
        """JSON for `read_calibrator`."""
        return json.dumps({"kind": self.kind, **asdict(self)}, indent=2)


@dataclass(frozen=True)
class IdentityCalibrator(_Parameters):
    """Probability = 1 / (1 + e^(−log-odds)), without calibration."""

    kind: ClassVar[str] = "identity"

    def to_probability(self, log_odds: npt.NDArray[np.floating]) -> FloatArray:
        """P(bad) in [0, 1], float64 (n,), of log-odds (n,); exact at both ends."""
        return sigmoid(np.asarray(log_odds, np.float64))


@dataclass(frozen=True)
class TemperatureCalibrator(_Parameters):
    """Log-odds divided by a temperature; above 1 reduces overconfidence (Guo 2017, arXiv 1706.04599).

    Raises:
        ValueError: the temperature is not above 0.
    """

    kind: ClassVar[str] = "temperature"
    temperature: float

    def __post_init__(self) -> None:
        if not 0 < self.temperature < np.inf:
            raise ValueError(f"temperature must be above 0; received {self.temperature}")

    def to_probability(self, log_odds: npt.NDArray[np.floating]) -> FloatArray:
        """P(bad) in [0, 1], float64 (n,), of log-odds (n,)."""
        return sigmoid(np.asarray(log_odds, np.float64) / self.temperature)


@dataclass(frozen=True)
class PlattCalibrator(_Parameters):
    """Log-odds z become slope · z + intercept (Platt 1999, without the smoothing of the targets).

    Raises:
        ValueError: the slope is not above 0, or a number is not finite.
    """

    kind: ClassVar[str] = "platt"
    slope: float
    intercept: float

    def __post_init__(self) -> None:
        if not (0 < self.slope < np.inf and np.isfinite(self.intercept)):
            raise ValueError(f"slope must be above 0 and intercept finite; received {self.slope}, {self.intercept}")

    def to_probability(self, log_odds: npt.NDArray[np.floating]) -> FloatArray:
        """P(bad) in [0, 1], float64 (n,), of log-odds (n,)."""
        return sigmoid(self.slope * np.asarray(log_odds, np.float64) + self.intercept)


@dataclass(frozen=True)
class BetaCalibrator(_Parameters):
    """Log-odds become a · ln p − b · ln(1 − p) + c: both ends are adjusted separately (Kull 2017, AISTATS).

    Raises:
        ValueError: a or b is below 0, both are 0, or a number is not finite.
    """

    kind: ClassVar[str] = "beta"
    a: float
    b: float
    c: float

    def __post_init__(self) -> None:
        if not (min(self.a, self.b) >= 0 and self.a + self.b > 0 and np.isfinite([self.a, self.b, self.c]).all()):
            raise ValueError(f"a and b must be at least 0, not both 0; received {self.a}, {self.b}, {self.c}")

    def to_probability(self, log_odds: npt.NDArray[np.floating]) -> FloatArray:
        """P(bad) in [0, 1], float64 (n,), of log-odds (n,)."""
        z = np.asarray(log_odds, np.float64)
        # ln p = −ln(1 + e^(−z)) and ln(1 − p) = −ln(1 + e^z), without overflow.
        return sigmoid(self.b * np.logaddexp(0.0, z) - self.a * np.logaddexp(0.0, -z) + self.c)


@dataclass(frozen=True)
class IsotonicCalibrator(_Parameters):
    """Linear interpolation between fitted knots, constant beyond them (Zadrozny & Elkan 2002).

    Attributes:
        log_odds: increasing, at least one.
        probability: non-decreasing, in [0, 1], same length.

    Raises:
        ValueError: invalid knots.
    """

    kind: ClassVar[str] = "isotonic"
    log_odds: tuple[float, ...]
    probability: tuple[float, ...]

    def __post_init__(self) -> None:
        places, levels = np.array(self.log_odds, np.float64), np.array(self.probability, np.float64)
        rising = len(places) == len(levels) > 0 and bool((np.diff(places) > 0).all() and (np.diff(levels) >= 0).all())
        if not (rising and np.isfinite(places).all() and levels.min() >= 0 and levels.max() <= 1):
            raise ValueError("knots must rise, and their probabilities must not fall and lie in [0, 1]")

    def to_probability(self, log_odds: npt.NDArray[np.floating]) -> FloatArray:
        """P(bad) in [0, 1], float64 (n,), of log-odds (n,)."""
        found = np.interp(np.asarray(log_odds, np.float64), self.log_odds, self.probability)
        return np.asarray(found, np.float64)


def sigmoid(z: FloatArray) -> FloatArray:
    """1 / (1 + e^(−z)), exact at both ends, never overflowing."""
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0 / (1.0 + small), small / (1.0 + small))


_KINDS: dict[str, Callable[..., Calibrator]] = {
    "identity": IdentityCalibrator,
    "temperature": TemperatureCalibrator,
    "platt": PlattCalibrator,
    "beta": BetaCalibrator,
    "isotonic": IsotonicCalibrator,
}


def read_calibrator(text: str | bytes) -> Calibrator:
    """The calibrator that wrote `text`.

    Raises:
        BundleError: unknown kind or invalid parameters.
    """
    try:
        values: dict[str, Any] = dict(json.loads(text))
        kind = str(values.pop("kind"))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BundleError("'calibrator.json' lacks its kind. Restore the model's folder.") from error
    if kind not in _KINDS:
        known = ", ".join(f"'{name}'" for name in _KINDS)
        raise BundleError(f"This version knows the calibrators {known}; the model has {kind!r}. Update the program.")
    try:
        numbers = {
            name: tuple(map(float, value)) if isinstance(value, list) else float(value)
            for name, value in values.items()
        }
        return _KINDS[kind](**numbers)
    except (ValueError, TypeError, OverflowError) as error:
        raise BundleError(f"'calibrator.json' cannot be read ({error}). Restore the model's folder.") from error
