"""Ratios and differences of two columns."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from riskmodel.features.state import State

FloatArray = npt.NDArray[np.float64]

PairOperation = Literal["ratio", "difference"]

_SIGNS: dict[PairOperation, str] = {"ratio": "÷", "difference": "−"}
_LARGEST = 1e150
"""Values are clipped to ±1e150, so that differences stay finite."""


class PairColumn(State):
    """One column of a pair.

    Attributes:
        name: Column name.
        codes: Special codes, read as missing.
        largest: Upper limit for clipping; None for no limit.
    """

    name: str
    codes: tuple[float, ...] = ()
    largest: float | None = None

    def clean(self, values: FloatArray) -> FloatArray:
        """The column's values (float64 (n,), overwritten), special codes NaN."""
        if self.codes:
            values[np.isin(values, self.codes)] = np.nan
        return np.clip(values, -_LARGEST, _LARGEST if self.largest is None else self.largest, out=values)


class Pair(State):
    """A ratio or a difference of two columns.

    The ratio a ÷ b is given as the angle of the point (b / unit, a), ``arctan2(a, b / unit)`` in radians: for
    positive b it rises with a ÷ b, it has no pole where b is 0, and it distinguishes signs of a and b.
    Missing if a or b is missing, or both are 0.

    Attributes:
        operation: ``ratio`` or ``difference``.
        first, second: a and b, two columns of numbers or two of dates.
        unit: Above 0; divisor of b before taking the angle, so that a typical a ÷ b is 45°.
    """

    operation: PairOperation
    first: PairColumn
    second: PairColumn
    unit: float = Field(1.0, gt=0)

    @property
    def name(self) -> str:
        """``a ÷ b`` or ``a − b``."""
        return f"{self.first.name} {_SIGNS[self.operation]} {self.second.name}"

    @property
    def treatment(self) -> str:
        """Description of the computation."""
        if self.operation == "difference":
            return f"difference of '{self.first.name}' and '{self.second.name}'"
        return f"ratio of '{self.first.name}' to '{self.second.name}', as an angle in radians"

    def compute(self, first: FloatArray, second: FloatArray) -> FloatArray:
        """The ratio or difference of each row, float64 (n,), missing NaN.

        Args:
            first, second: float64 (n,), missing NaN, no infinities; overwritten.

        Example:
            >>> columns = {"first": PairColumn(name="debt"), "second": PairColumn(name="income")}
            >>> debt, income = np.array([1.0, 0.0, 0.0]), np.array([1.0, 2.0, 0.0])
            >>> np.degrees(Pair(operation="ratio", **columns).compute(debt, income)).tolist()
            [45.0, 0.0, nan]
        """
        a, b = self.first.clean(first), self.second.clean(second)
        if self.operation == "difference":
            return a - b
        angle: FloatArray = np.arctan2(a, b / self.unit)
        angle[(a == 0) & (b == 0)] = np.nan
        return angle
