"""Proposal from a file's declarations: missing values, and codes with labels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.arrow import Array, as_numpy, pc, strings
from riskmodel.tables.evidence.evidence import MAX_LEVELS, ColumnTexts, show_text
from riskmodel.tables.evidence.odd_cells import AS_MISSING, OddCells, find_odd_cells
from riskmodel.tables.schema.declarations import Declaration
from riskmodel.tables.schema.schema import MISSING_MARKERS, Column
from riskmodel.tables.values.numbers import NUMBER_PATTERN
from riskmodel.wording import first_few

_NAMED = 3


def are_declared_missing(values: Array, declared: Declaration) -> npt.NDArray[np.bool_]:
    """True for the texts, (m,) string without surrounding spaces, that the file declares missing, (m,) bool."""
    marks: npt.NDArray[np.bool_] = as_numpy(pc.is_in(values, value_set=strings(declared.missing))).copy()
    if declared.missing_ranges:
        are_numbers = pc.match_substring_regex(values, NUMBER_PATTERN)
        numbers = as_numpy(pc.cast(pc.if_else(are_numbers, values, pa.scalar("nan")), pa.float64()))
        for lowest, highest in declared.missing_ranges:
            marks |= (numbers >= lowest) & (numbers <= highest)
    return marks


def find_declared_missing(texts: ColumnTexts, declared: Declaration) -> OddCells | None:
    """The cells that the file declares missing; None where there are none."""
    marks = are_declared_missing(pc.utf8_trim_whitespace(texts.different), declared)
    return find_odd_cells(texts, texts.encoded.map_marks(marks)) if np.any(marks) else None


def apply_declaration(column: Column, rest: ColumnTexts, declared: Declaration, missing: OddCells | None) -> Column:
    """The column with labeled codes as categories, and with declared missing values as missing-value markers.

    Args:
        column: As proposed from the other cells.
        rest: The cells, with the declared ones missing.
        declared: The file's declaration.
        missing: The cells declared missing.
    """
    column = _with_labels(column, rest, declared)
    if missing is None or column.kind in ("identifier", "ignored"):
        return column
    labels = _show_labels(declared, missing.texts)
    reason = f"{column.reason}; the file declares missing {missing.describe()}{labels}: {AS_MISSING}"
    markers = tuple(dict.fromkeys((*(column.missing_markers or MISSING_MARKERS), *missing.texts)))
    return column.model_copy(update={"missing_markers": markers, "reason": reason})


def _with_labels(column: Column, rest: ColumnTexts, declared: Declaration) -> Column:
    """A categorical column in place of numbers that all have labels in the file."""
    if column.kind not in ("numerical", "categorical") or not declared.labels or len(rest.sample) > MAX_LEVELS:
        return column
    codes = [str(code) for code in rest.distinct.to_pylist()]
    if not codes or not declared.labels.keys() >= set(codes) or rest.levels is None:
        return column
    reason = f"{len(codes)} codes with labels in the file{_show_labels(declared, codes)}"
    return Column(name=column.name, kind="categorical", reason=reason)


def _show_labels(declared: Declaration, codes: list[str] | tuple[str, ...]) -> str:
    """The first labeled codes, in parentheses; empty without any."""
    labeled = [f"{code} = {show_text(declared.labels[code])}" for code in codes if code in declared.labels]
    return f" ({first_few(labeled, _NAMED)})" if labeled else ""
