"""Descriptions of columns whose proposal the analyst should check."""

from __future__ import annotations

from riskmodel.tables.evidence.odd_cells import AS_MISSING, PLEASE_CHECK
from riskmodel.tables.proposal.doubtful_categories import DOUBTS
from riskmodel.tables.schema.schema import Column, Schema


def describe_doubtful_columns(schema: Schema) -> tuple[str, ...]:
    """One sentence per column whose proposal may be wrong.

    These are columns with unreadable cells that are proposed as missing, ambiguous numbers and dates,
    and categories in quotes. Doubts about bad outcomes are in the target report.
    """
    return tuple(f"Column {column.name!r}: {column.reason}." for column in schema.columns if _is_doubtful(column))


def _is_doubtful(column: Column) -> bool:
    if column.extra_markers and AS_MISSING in column.reason:
        return True
    if column.kind == "categorical":
        return any(doubt in column.reason for doubt in DOUBTS)
    return column.kind in ("numerical", "date") and PLEASE_CHECK in column.reason.replace(AS_MISSING, "")
