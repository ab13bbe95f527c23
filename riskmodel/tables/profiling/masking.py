"""Masking of personal data for display."""

from dataclasses import replace

import pyarrow as pa

from riskmodel.tables.arrow import Cells, pc, strings
from riskmodel.tables.profiling.profile import ColumnProfile
from riskmodel.tables.schema.schema import MISSING_MARKERS, Schema

MASK = "•••"


def mask_text(text: str) -> str:
    """A masked text; an e-mail address keeps its first letter, a missing cell is unchanged.

    Example:
        >>> mask_text("jane@example.org"), mask_text("+49 30 1234567"), mask_text("NA")
        ('j•••@•••', '•••', 'NA')
    """
    if text.strip() in MISSING_MARKERS:
        return text
    first, at, _ = text.strip().partition("@")
    return f"{first[:1]}{MASK}@{MASK}" if at and first and " " not in text.strip() else MASK


def mask_personal(table: pa.Table, schema: Schema) -> pa.Table:
    """The table, (n, columns) string, with the cells of personal columns masked; others are unchanged."""
    for place, name in enumerate(table.column_names):
        if schema.column(name).personal:
            table = table.set_column(place, name, mask_cells(table[name]))
    return table


def mask_cells(cells: Cells) -> Cells:
    """The cells, (n,) string, each masked by `mask_text`."""
    distinct = pc.unique(cells)
    masked = strings([None if text is None else mask_text(text) for text in distinct.to_pylist()])
    return pa.chunked_array([masked]).take(pc.index_in(cells, value_set=distinct))


def mask_profile(profile: ColumnProfile) -> ColumnProfile:
    """A column's statistics without its values: counts and bad rates of bins or categories without their labels."""
    if not profile.counts:
        return profile
    levels = tuple(mask_text(level) for level in profile.levels) or (MASK,) * len(profile.counts)
    return replace(profile, levels=levels, edges=(), note="", minimum=None, maximum=None, mean=None, median=None)
