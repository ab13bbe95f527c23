"""Summary of the treatment of each column, for pages and reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from riskmodel.tables.schema.schema import ColumnKind


@dataclass(frozen=True)
class ColumnSummary:
    """Treatment of one input column.

    Attributes:
        column: The column's name.
        kind: ``numerical``, ``categorical`` or ``date``.
        treatment: Description of the fitted transformation; for an excluded column, the reason.
        outputs: Names of its network inputs; empty if excluded.
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
        """Whether the column is excluded from the network's inputs."""
        return not self.outputs


@dataclass(frozen=True)
class UnseenLevels:
    """Unseen categories of one column.

    Attributes:
        count: Rows with an unseen category.
        first_values: The first distinct unseen categories, as in the table; at least one.
        near: Unseen categories that are close to a known one: ``{"Rent": "RENT"}``.
        mask: bool (n,), True in these rows.
        expected_share: Share of rows with an unseen category that is expected from the training rows, in [0, 1].
    """

    count: int
    first_values: tuple[str, ...]
    near: Mapping[str, str] = field(default_factory=dict)
    mask: npt.NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_), compare=False, repr=False)
    expected_share: float = 0.0
