"""The bad rate over time, by quarter or year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from riskmodel.errors import DataError
from riskmodel.tables.arrow import as_numpy, pc
from riskmodel.tables.dataset import Dataset

MAX_QUARTERS = 24
"""Longest span in quarters; longer ones are grouped by year."""

_MONTHS = {"quarter": 3, "year": 12}


@dataclass(frozen=True)
class BadRates:
    """Labeled customers by period, from the first to the last period with one.

    Attributes:
        column: The date column.
        unit: Length of a period.
        periods: Names such as ``2014`` or ``2014 Q2``, in order, including periods without customers.
        num_labelled: Customers of each period whose outcome is known.
        num_bads: Bad ones among them.
    """

    column: str
    unit: Literal["quarter", "year"]
    periods: tuple[str, ...]
    num_labelled: tuple[int, ...]
    num_bads: tuple[int, ...]

    @property
    def bad_rates(self) -> tuple[float | None, ...]:
        """Bad rate of each period, in [0, 1]; None for periods without customers."""
        pairs = zip(self.num_bads, self.num_labelled, strict=True)
        return tuple(bads / labeled if labeled else None for bads, labeled in pairs)


def compute_bad_rates(dataset: Dataset, column: str) -> BadRates:
    """Bad rates by quarter, or by year if the dates span more than 24 quarters; rows without a date are ignored.

    Raises:
        DataError: The column is not a date, or no labeled row has one; or as for `Dataset.bad`.

    Example:
        >>> from riskmodel.tables.dataset import Dataset
        >>> from riskmodel.tables.schema.schema import Column, Schema
        >>> import pandas as pd
        >>> columns = (Column(name="opened", kind="date"), Column(name="bad", kind="target"))
        >>> frame = pd.DataFrame({"opened": ["2024-01-31", "2024-02-01", "2024-05-01"], "bad": ["1", "0", "0"]})
        >>> rates = compute_bad_rates(Dataset.from_frame(frame, Schema(columns=columns, bad_values=("1",))), "opened")
        >>> rates.periods, rates.bad_rates
        (('2024 Q1', '2024 Q2'), (0.5, 0.0))
    """
    if dataset.schema.kind_of(column) != "date":
        raise DataError(f"Column {column!r} is no date, so there are no periods. Choose one that is marked as date.")
    cells, bad = dataset.table[column], dataset.bad()
    known = as_numpy(pc.is_valid(cells)) & (bad >= 0)
    if not known.any():
        raise DataError(f"No customer with a known outcome has a date in column {column!r}. Choose another date.")
    days: npt.NDArray[np.int64] = as_numpy(pc.fill_null(pc.cast(cells, "int32"), 0))
    months = days[known].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    unit: Literal["quarter", "year"] = "quarter" if np.ptp(months // 3) < MAX_QUARTERS else "year"
    places = months // _MONTHS[unit]
    first = int(places.min())
    labeled = np.bincount(places - first)
    bads = np.bincount(places - first, weights=bad[known], minlength=len(labeled))
    return BadRates(
        column=column,
        unit=unit,
        periods=tuple(_name_period(first + place, unit) for place in range(len(labeled))),
        num_labelled=tuple(labeled.tolist()),
        num_bads=tuple(int(number) for number in bads),
    )


def _name_period(place: int, unit: Literal["quarter", "year"]) -> str:
    """The name of a period, numbered from 1970."""
    return f"{1970 + place // 4} Q{place % 4 + 1}" if unit == "quarter" else f"{1970 + place}"
