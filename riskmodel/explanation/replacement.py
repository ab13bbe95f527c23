"""Contributions of columns to a customer's log-odds by single-column replacement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.errors import DataError
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.tables.arrow import Array, pc

_CELLS_AT_ONCE = 4_000_000
_CLOSEST = 1e-6
"""Probabilities are clipped to this distance from 0 and 1, which isotonic calibration can reach."""

Values = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Contributions:
    """Contributions of columns to the log-odds of n customers.

    Attributes:
        columns: the model's, c of them.
        values: (n, c) float64, in log-odds; above 0 the column makes the customer riskier than others' values would.
        log_odds: (n,) of the customers' probabilities.
        base: mean log-odds of the background customers.
    """

    columns: tuple[str, ...]
    values: Values
    log_odds: Values
    base: float


def compute_contributions(model: RiskModel, customers: pa.Table, background: pa.Table) -> Contributions:
    """Contributions by single-column replacement.

    The contribution of a column is the customer's log-odds minus their mean when only that column takes the values of
    the background customers, the others unchanged. For additive effects, as in an additive network without
    calibration, base and contributions sum to the log-odds exactly. With interactions, the sum leaves a rest:
    these are not Shapley values.

    Args:
        model: the model; log-odds include calibration.
        customers: n rows, typed by the model's schema, such as rows of its `Dataset`.
        background: at least one row, likewise; a few dozen random rows suffice.

    Raises:
        DataError: no background customer, or a column of the model is missing.
    """
    if background.num_rows == 0:
        raise DataError("Reasons need at least one other customer to compare with; the background has none.")
    columns = model.columns
    for table in (customers, background):
        model.match(table.column_names).check()
    customers, others = (table.select(list(columns)).combine_chunks() for table in (customers, background))
    log_odds = _log_odds(model, customers)
    values = np.empty((customers.num_rows, len(columns)))
    levels = [_count_values(others[name].combine_chunks()) for name in columns]
    for group in _groups(customers.num_rows, [len(count) for _, count in levels]):
        replaced = _log_odds(model, _replace(customers, group, [levels[place][0] for place in group]))
        start = 0
        for place in group:
            weights = levels[place][1]
            end = start + customers.num_rows * len(weights)
            values[:, place] = log_odds - replaced[start:end].reshape(customers.num_rows, len(weights)) @ weights
            start = end
    return Contributions(columns, values, log_odds, float(_log_odds(model, others).mean()))


def _log_odds(model: RiskModel, table: pa.Table) -> Values:
    p = np.clip(model.predict_typed(table), _CLOSEST, 1.0 - _CLOSEST)
    return np.log(p) - np.log1p(-p)


def _count_values(cells: Array) -> tuple[Array, Values]:
    """The distinct values of a column and their shares: each is scored once."""
    counted = pc.value_counts(cells)
    counts = counted.field("counts").to_numpy()
    return counted.field("values"), counts / counts.sum()


def _groups(num_customers: int, num_values: Sequence[int]) -> Iterator[list[int]]:
    """Positions of columns whose replacements are scored together, in bounded memory."""
    group: list[int] = []
    rows = 0
    for place, number in enumerate(num_values):
        if group and (rows + num_customers * number) * len(num_values) > _CELLS_AT_ONCE:
            yield group
            group, rows = [], 0
        group.append(place)
        rows += num_customers * number
    yield group


def _replace(customers: pa.Table, group: Sequence[int], values: Sequence[Array]) -> pa.Table:
    """For each column of the group, each customer once with each of its values: column by column, then by customer."""
    size = customers.num_rows
    blocks = [np.repeat(np.arange(size), len(value)) for value in values]
    rows = np.concatenate(blocks)
    starts = np.cumsum([0, *(len(block) for block in blocks)])
    columns = []
    for place, cells in enumerate(customers.columns):
        kept = cells.combine_chunks().take(rows)
        if place in group:
            at = group.index(place)
            new = values[at].take(np.tile(np.arange(len(values[at])), size))
            columns.append(pa.chunked_array([kept[: starts[at]], new, kept[starts[at + 1] :]]))
        else:
            columns.append(pa.chunked_array([kept]))
    return pa.Table.from_arrays(columns, names=customers.column_names)
