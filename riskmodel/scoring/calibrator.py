"""From the network's log-odds to probabilities; the identity keeps the network's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from riskmodel.errors import BundleError


@dataclass(frozen=True)
class IdentityCalibrator:
    """Probability = 1 / (1 + e^(−log-odds)), nothing added."""

    kind: ClassVar[str] = "identity"

    def to_probability(self, log_odds: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """P(bad) in [0, 1], float64 (n,), of log-odds (n,); exact at both ends."""
        z = np.asarray(log_odds, np.float64)
        small = np.exp(-np.abs(z))  # never overflows
        return np.where(z >= 0, 1.0 / (1.0 + small), small / (1.0 + small))

    def to_json(self) -> str:
        """What `read_calibrator` reads."""
        return json.dumps({"kind": self.kind}, indent=2)


def read_calibrator(text: str | bytes) -> IdentityCalibrator:
    """The calibrator that wrote `text`.

    Raises:
        BundleError: it is of a kind that this version does not know.
    """
    try:
        kind = json.loads(text)["kind"]
    except (ValueError, KeyError, TypeError) as error:
        raise BundleError("'calibrator.json' does not say its kind. Restore the model's folder.") from error
    if kind != IdentityCalibrator.kind:
        raise BundleError(f"This version knows the calibrator 'identity'; the model has {kind!r}. Update the program.")
    return IdentityCalibrator()
