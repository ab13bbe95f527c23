"""Checks for duplicate rows and duplicate identifiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.arrow import Cells, as_numpy, pc, take_ascending
from riskmodel.tables.checks.finding import Finding, Severity
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.values.text_hashes import count_equal, hash_texts
from riskmodel.wording import count, percentage, plural

MANY = 0.005
"""From this share of all rows on, repeated rows are a warning."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(32)
_BOTH_SIDES = (
    "The same customer can then be learned from and tested on, which makes the test look better than it is: remove the "
    "repeated rows from the file."
)


def find_duplicates(dataset: Dataset) -> list[Finding]:
    """Findings on duplicate rows, with and without identifiers, and on duplicate identifiers; all rows count."""
    schema, num_rows = dataset.schema, dataset.num_rows
    findings = [_repeated_identifier(dataset.table[name], name) for name in schema.identifiers]
    identifiers = set(schema.identifiers)
    others = [name for name in schema.names if name not in identifiers]
    if not others:
        return [finding for finding in findings if finding is not None]
    copies = Copies(dataset.table, None, np.zeros(num_rows, dtype=np.uint64)).alike_in(others)
    in_full = copies.alike_in(schema.identifiers)
    if in_full.num_repeated < copies.num_repeated:
        findings.append(_repeated_rows(copies, num_rows, "in all columns but the identifiers"))
    findings.append(_repeated_rows(in_full, num_rows, "in full"))
    return [finding for finding in findings if finding is not None]


def find_repeated_rows(dataset: Dataset, *, ignore_identifiers: bool = False) -> npt.NDArray[np.bool_]:
    """The rows that repeat an earlier row, (n,) bool; the first of equal rows is False.

    Args:
        dataset: Its cells are compared as typed: ``1.0`` and ``1`` are one number.
        ignore_identifiers: Whether rows that differ only in identifiers are equal.

    Example:
        >>> import pandas as pd
        >>> from riskmodel.tables.schema.schema import Column, Schema
        >>> frame = pd.DataFrame({"x": [5, 7, 5], "bad": [0, 1, 0]}).astype(str)
        >>> kinds = (Column(name="x", kind="numerical"), Column(name="bad", kind="target"))
        >>> find_repeated_rows(Dataset.from_frame(frame, Schema(columns=kinds, bad_values=("1",)))).tolist()
        [False, False, True]
    """
    left_out = set(dataset.schema.identifiers) if ignore_identifiers else set()
    names = [name for name in dataset.schema.names if name not in left_out]
    copies = Copies(dataset.table, None, np.zeros(dataset.num_rows, dtype=np.uint64)).alike_in(names)
    rows = np.arange(dataset.num_rows) if copies.rows is None else copies.rows
    is_repeated = np.zeros(dataset.num_rows, np.bool_)
    is_repeated[rows] = True
    _, first = np.unique(copies.hashes, return_index=True)
    is_repeated[rows[first]] = False
    return is_repeated


@dataclass(frozen=True, eq=False)
class Copies:
    """Rows that another row is equal to in the columns compared so far.

    Attributes:
        table: All rows, with all columns.
        rows: The rows, (n,) int64 ascending; None for all.
        hashes: (n,) uint64, equal for equal rows. Different rows share one with a chance of n² / 2⁶⁵, about one in
            thirty million for a million rows.
    """

    table: pa.Table
    rows: npt.NDArray[np.int64] | None
    hashes: npt.NDArray[np.uint64]

    @property
    def num_repeated(self) -> int:
        """Number of rows to remove so that all rows differ."""
        return len(self.hashes) - len(count_equal(self.hashes))

    def alike_in(self, names: Sequence[str]) -> Copies:
        """The rows that are also equal in further columns.

        Numbers and dates are compared first, since that is cheap; few rows are then left for texts.
        """
        texts = {name for name in names if pa.types.is_string(self.table.schema.field(name).type)}
        left = self._narrowed([name for name in names if name not in texts])
        for name in names:
            if name in texts and len(left.hashes):
                left = left._narrowed([name])
        return left

    def _narrowed(self, names: list[str]) -> Copies:
        hashes = self.hashes
        for name in names:
            cells = self.table[name] if self.rows is None else take_ascending(self.table[name], self.rows)
            hashes = _mix(hashes, _as_integers(cells))
        repeated = _find_repeated(hashes)
        if len(repeated) == len(hashes):
            return Copies(self.table, self.rows, hashes)
        return Copies(self.table, repeated if self.rows is None else self.rows[repeated], hashes[repeated])


def _find_repeated(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Ascending indices of the hashes that occur more than once."""
    order = np.argsort(hashes)
    equal = np.diff(hashes[order]) == 0
    is_repeated = np.zeros(len(hashes), np.bool_)
    is_repeated[order[1:][equal]] = True
    is_repeated[order[:-1][equal]] = True
    return np.flatnonzero(is_repeated)


def _as_integers(cells: Cells) -> npt.NDArray[np.uint64]:
    """Equal integers for equal cells, (n,) uint64; missing is a value as well."""
    if pa.types.is_string(cells.type):
        return hash_texts(cells)
    numbers = pc.cast(pc.cast(cells, pa.int32()), pa.float64()) if pa.types.is_date(cells.type) else cells
    values: npt.NDArray[np.float64] = as_numpy(pc.fill_null(numbers, np.inf))  # no number of a dataset is infinite
    return (values + 0.0).view(np.uint64)  # −0 and 0 are one number


def _mix(hashes: npt.NDArray[np.uint64], values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Row hashes combined with a further column; the order of columns matters."""
    mixed = (hashes ^ values) * _ODD
    mixed ^= mixed >> _SHIFT
    mixed *= _ODD
    return mixed ^ (mixed >> _SHIFT)


def _repeated_rows(copies: Copies, num_rows: int, how: str) -> Finding | None:
    repeated = copies.num_repeated
    if repeated == 0:
        return None
    share = repeated / num_rows
    verb = plural(repeated, "repeats", "repeat")
    max_copies = int(count_equal(copies.hashes).max())
    extent = f", one of them {max_copies:,} times in all" if max_copies > 2 else ""
    text = f"{count(repeated, 'row')} ({percentage(share)}) {verb} another row {how}{extent}. {_BOTH_SIDES}"
    severity: Severity = "warning" if share >= MANY else "note"
    return Finding("duplicate_rows", (), severity, text, weight=share, num_rows=repeated)


def _repeated_identifier(cells: Cells, name: str) -> Finding | None:
    is_filled = as_numpy(pc.not_equal(pc.utf8_trim_whitespace(cells), ""))
    filled = hash_texts(cells)[is_filled]
    repeated = len(filled) - len(count_equal(filled))
    if repeated == 0:
        return None
    share = repeated / len(cells)
    verb = plural(repeated, "has", "have")
    text = (
        f"{count(repeated, 'row')} ({percentage(share)}) {verb} a value of the identifier '{name}' that another row "
        "has. "
        "If these are rows of one customer, some will be learned from and others tested on: keep one row per customer."
    )
    return Finding("repeated_identifier", (name,), "warning", text, weight=share, num_rows=repeated)
