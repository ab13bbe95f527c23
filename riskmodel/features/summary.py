"""What a preprocessor does with each column, for a page or a report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from riskmodel.tables.schema.schema import ColumnKind


@dataclass(frozen=True)
class ColumnSummary:
    """One input column and what became of it.

    Attributes:
        column: The column's name.
        kind: ``numerical``, ``categorical`` or ``date``.
        treatment: What was learned, in words; for a column left out, why.
        outputs: Names of the inputs the network gets from it; empty where it is left out.
        positions: Columns of ``ModelInput.numerical`` that hold these outputs, in the same order.
        embedding: The column of ``ModelInput.categorical`` instead, for an embedded category.
    """

    column: str
    kind: ColumnKind
    treatment: str
    outputs: tuple[str, ...] = ()
    positions: tuple[int, ...] = ()
    embedding: int | None = None

    @property
    def left_out(self) -> bool:
        """Whether the network gets nothing from this column."""
        return not self.outputs


@dataclass(frozen=True)
class UnseenLevels:
    """Levels of one column that training rows did not have.

    Attributes:
        count: Rows that hold such a level.
        first_values: The first few such levels, each once, as in the table; at least one.
        near: Such levels that are close to one of the training rows, by themselves: ``{"Rent": "RENT"}``.
        mask: bool (n,), True in these rows.
    """

    count: int
    first_values: tuple[str, ...]
    near: Mapping[str, str] = field(default_factory=dict)
    mask: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_), compare=False, repr=False)
