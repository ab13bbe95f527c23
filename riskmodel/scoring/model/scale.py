"""Score scale: points and bands."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from riskmodel.config.sections.scale import ScaleConfig
from riskmodel.errors import BundleError, first_problem

_CLOSEST = 1e-9
"""Probabilities are clipped to this distance from 0 and 1, so that points stay finite."""


class ScoreScale(BaseModel):
    """From probabilities to points, and from points to bands.

    ``score = base_score + pdo / ln 2 · ln(((1 − p) / p) / base_odds)``, rounded to whole points: ``base_score`` where
    the odds good : bad are ``base_odds``, ``pdo`` points more for each doubling (N. Siddiqi, Credit Risk Scorecards,
    2006).

    Attributes:
        pdo: points to double the odds.
        base_score: points at the base odds.
        base_odds: goods for each bad at the base score.
        band_edges: lowest score of each band except the riskiest, increasing, in whole points.

    Example:
        >>> scale = ScoreScale(pdo=50, base_score=600, base_odds=19, band_edges=(550, 620))
        >>> scale.to_score(np.array([0.05, 1 / 39])).tolist()
        [600.0, 650.0]
        >>> scale.to_band(np.array([650.0, 600.0, 500.0])).tolist()
        ['A', 'B', 'C']
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    pdo: float = Field(gt=0, le=10_000)
    base_score: float = Field(ge=-100_000, le=100_000)
    base_odds: float = Field(gt=0, le=1e6)
    band_edges: tuple[float, ...] = Field((), max_length=25)

    @field_validator("band_edges")
    @classmethod
    def _check_rising(cls, edges: tuple[float, ...]) -> tuple[float, ...]:
        if any(low >= high for low, high in pairwise(edges)):
            raise ValueError(f"band edges must rise; received {edges}")
        return edges

    @classmethod
    def fit(cls, config: ScaleConfig, probability: npt.NDArray[np.floating]) -> Self:
        """Bands of about equal size on these customers.

        Args:
            probability: (n,) of the validation customers. With many tied scores there are fewer bands.
        """
        bare = cls(pdo=config.pdo, base_score=config.base_score, base_odds=config.base_odds)
        scores = bare.to_score(probability)
        inner = np.quantile(scores, np.arange(1, config.num_bands) / config.num_bands, method="higher")
        edges = np.unique(inner)
        return bare.model_copy(update={"band_edges": tuple(float(edge) for edge in edges if edge > scores.min())})

    @property
    def bands(self) -> tuple[str, ...]:
        """The bands' letters, safest first."""
        return tuple(chr(ord("A") + i) for i in range(len(self.band_edges) + 1))

    def to_score(self, probability: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
        """Whole points (n,) of probabilities (n,); NaN stays NaN."""
        p = np.clip(np.asarray(probability, np.float64), _CLOSEST, 1.0 - _CLOSEST)
        odds = (np.log1p(-p) - np.log(p)) - math.log(self.base_odds)
        scores: npt.NDArray[np.float64] = np.rint(self.base_score + self.pdo / math.log(2.0) * odds)
        return scores

    def to_band(self, score: npt.NDArray[np.floating]) -> npt.NDArray[np.str_]:
        """The bands (n,) of points (n,); empty where the points are NaN."""
        letters = np.array(self.bands)
        found = letters[len(self.band_edges) - np.searchsorted(np.array(self.band_edges), score, side="right")]
        return np.where(np.isnan(score), "", found)

    def count_bands(self, probability: npt.NDArray[np.floating]) -> tuple[int, ...]:
        """Customers in each of `bands`, of probabilities (n,) without NaN."""
        band = self.to_band(self.to_score(probability))
        return tuple(int(np.count_nonzero(band == name)) for name in self.bands)

    def to_json(self) -> str:
        """JSON for `from_json`."""
        return self.model_dump_json(indent=2)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The scale from ``to_json``.

        Raises:
            BundleError: it is not a scale.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise BundleError(f"'scale.json' is not a score scale: {first_problem(error)['msg']}.") from error
