"""Comparison of two versions of a dataset: columns, cells, categories, distributions, outcomes, customers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from riskmodel.tables.arrow import Cells, pc
from riskmodel.tables.coercion.category_values import to_canonical
from riskmodel.tables.coercion.coercion import Unparsable, coerce_table
from riskmodel.tables.comparing.column_change import ColumnChange
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.evidence.special_texts import count_special_codes, hide_special_codes
from riskmodel.tables.profiling.shift import Codes, Shift, compare_dates, compare_levels, compare_numbers
from riskmodel.tables.schema.matching import match_columns
from riskmodel.tables.schema.schema import INPUT_KINDS, CategoryValues, Column, Schema
from riskmodel.tables.values.encoded_cells import EncodedCells
from riskmodel.tables.values.outcomes import code_outcomes


@dataclass(frozen=True)
class Outcomes:
    """Rows and outcomes of one version.

    Attributes:
        num_rows: All rows.
        num_labelled: Those whose outcome is known.
        num_bads: Bad ones among them.
    """

    num_rows: int
    num_labelled: int
    num_bads: int

    @property
    def bad_rate(self) -> float | None:
        """Bad rate of the labeled rows, in [0, 1]; None without any."""
        return self.num_bads / self.num_labelled if self.num_labelled else None


@dataclass(frozen=True)
class Overlap:
    """Distinct values of an identifier in both versions, without empty ones.

    Attributes:
        num_before, num_after: In each version.
        num_both: In both.
    """

    num_before: int
    num_after: int
    num_both: int


@dataclass(frozen=True)
class Comparison:
    """Differences of a newer version of a dataset from an older one.

    Attributes:
        before, after: Rows and outcomes, by the older version's target and its bad and good values.
        columns: One entry per column of either version, the most important first.
        overlaps: Customers in both, by each identifier that both have.
        unreadable: For a file: the cells that are not valid for the older schema, by column.
    """

    before: Outcomes
    after: Outcomes
    columns: tuple[ColumnChange, ...]
    overlaps: Mapping[str, Overlap]
    unreadable: Mapping[str, Unparsable]

    @property
    def added(self) -> tuple[str, ...]:
        """Columns that only the newer one has."""
        return tuple(change.name for change in self.columns if change.status == "added")

    @property
    def missing(self) -> tuple[str, ...]:
        """Columns that only the older one has."""
        return tuple(change.name for change in self.columns if change.status == "missing")

    @property
    def as_before(self) -> tuple[str, ...]:
        """Columns whose values were compared and are unchanged."""
        return tuple(change.name for change in self.columns if change.severity == "small" and change.shift is not None)

    def of(self, severity: str) -> tuple[ColumnChange, ...]:
        """The changes of one severity, the most important first."""
        return tuple(change for change in self.columns if change.severity == severity)

    def to_dict(self) -> dict[str, Any]:
        """Plain values that ``json`` can write."""
        return {
            "before": asdict(self.before),
            "after": asdict(self.after),
            "overlaps": {name: asdict(overlap) for name, overlap in self.overlaps.items()},
            "columns": [change.to_dict() for change in self.columns],
        }


def compare(before: Dataset, after: Dataset | pa.Table) -> Comparison:
    """Compare an older dataset with a newer one, or with a file read as strings, whose cells the older schema types.

    Args:
        before: The older version.
        after: The newer version; as a raw table, every column string without nulls, it may lack columns and hold
            cells that are not valid for the older schema: these are reported and count as missing.

    Example:
        >>> old = Dataset.from_file("sample_data/customers.csv", target="defaulted", identifiers=["customer_id"])
        >>> same = compare(old, old)
        >>> same.of("serious"), same.overlaps["customer_id"].num_both
        ((), 5000)
    """
    unreadable: dict[str, Unparsable] = {}
    if isinstance(after, Dataset):
        table, schema = after.table, after.schema
    else:
        schema = before.schema
        shared = [name for name in schema.names if name in set(after.column_names)]
        table, unreadable = coerce_table(after, schema, shared)
    codes = {
        name: (
            count_special_codes(before.table[name], before.schema.column(name)),
            count_special_codes(table[name], schema.column(name)),
        )
        for name in before.schema.names
        if name in table.column_names
    }
    before = Dataset(hide_special_codes(before.table, before.schema), before.schema, before.name)
    table = hide_special_codes(table, schema)
    names = after.column_names if isinstance(after, pa.Table) else list(schema.names)
    match = match_columns(before.schema.names, names)
    close = {lost.name: lost.close for lost in match.missing}
    changes = [
        ColumnChange(name, None if isinstance(after, pa.Table) else schema.kind_of(name), "added")
        for name in match.extra
    ]
    for column in before.schema.columns:
        if column.name in close:
            changes.append(ColumnChange(column.name, column.kind, "missing", close=close[column.name]))
        else:
            cells = unreadable.get(column.name)
            changes.append(_compare(before, table, schema, column, cells, codes[column.name]))
    outcomes = _outcomes(before.table, before.schema), _outcomes(table, before.schema)
    for place, change in enumerate(changes):
        if change.kind == "target" and change.status == "both":
            changes[place] = change.with_outcomes(outcomes[0].bad_rate, outcomes[1].bad_rate, _distance(*outcomes))
    return Comparison(
        before=outcomes[0],
        after=outcomes[1],
        columns=tuple(sorted(changes, key=lambda change: -change.weight)),
        overlaps={
            name: _overlap(before.table[name], table[name])
            for name in before.schema.identifiers
            if name in table.column_names
        },
        unreadable=unreadable,
    )


def _compare(
    before: Dataset, after: pa.Table, schema: Schema, column: Column, unreadable: Unparsable | None, codes: Codes
) -> ColumnChange:
    name, kind = column.name, column.kind
    now = schema.kind_of(name)
    if now != kind and {now, kind} & {*INPUT_KINDS, "target"}:
        return ColumnChange(name, kind, "both", kind_after=now, num_after=after.num_rows)
    shift: Shift | None = None
    cells = before.table[name], after[name]
    if kind == "categorical":
        cells = _spell_alike(cells, column.values, schema.column(name).values)
    if kind == "numerical":
        shift = compare_numbers(*cells, codes)
    elif kind == "date":
        shift = compare_dates(*cells, codes)
    elif kind in ("categorical", "target"):
        shift = compare_levels(*cells)
    return ColumnChange(
        name,
        kind,
        "both",
        kind_after=now,
        shift=shift,
        num_unreadable=0 if unreadable is None else unreadable.count,
        first_unreadable=None if unreadable is None else (unreadable.first_value, unreadable.first_row),
        num_before=before.num_rows,
        num_after=after.num_rows,
        is_personal=bool(column.personal),
    )


def _spell_alike(
    cells: tuple[Cells, Cells], before: CategoryValues | None, after: CategoryValues | None
) -> tuple[Cells, Cells]:
    """Canonical categories of two versions, where one was typed before values were compared."""
    values = after or before
    if before == after or values is None:
        return cells
    encoded = [EncodedCells(column) for column in cells]
    old, new = (column.map_values(to_canonical(column.different, values)) for column in encoded)
    return old, new


def _outcomes(table: pa.Table, schema: Schema) -> Outcomes:
    if schema.target is None or not schema.bad_values or schema.target not in table.column_names:
        return Outcomes(table.num_rows, 0, 0)
    bad = code_outcomes(table[schema.target], schema.bad_values, schema.good_values)
    return Outcomes(table.num_rows, int(np.count_nonzero(bad >= 0)), int(np.count_nonzero(bad == 1)))


def _distance(before: Outcomes, after: Outcomes) -> float:
    """Difference of the bad rates in standard errors of the pooled rate."""
    if before.bad_rate is None or after.bad_rate is None:
        return 0.0
    pooled = (before.num_bads + after.num_bads) / (before.num_labelled + after.num_labelled)
    error = math.sqrt(pooled * (1 - pooled) * (1 / before.num_labelled + 1 / after.num_labelled))
    return abs(before.bad_rate - after.bad_rate) / error if error > 0 else 0.0


def _overlap(before: Cells, after: Cells) -> Overlap:
    old, new = (pc.unique(cells) for cells in (before, after))
    old, new = (values.filter(pc.not_equal(values, "")) for values in (old, new))
    both = int(np.count_nonzero(pc.is_in(new, value_set=old).to_numpy(zero_copy_only=False)))
    return Overlap(len(old), len(new), both)
