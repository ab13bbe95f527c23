"""Left join of two tables by a key: each left row receives the columns of its matching right row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.errors import DataError
from riskmodel.tables.arrow import as_numpy, pc
from riskmodel.tables.joining.duplicates import Duplicates
from riskmodel.tables.joining.keys import EXACT, Codes, KeyColumns, KeyComparison, Keys
from riskmodel.tables.schema.schema import describe_unknown_column
from riskmodel.wording import count

"""Treatment of duplicate keys in the right table."""

NUM_EXAMPLES = 3
CLASH_SUFFIX = "_right"
_FREE_BYTES = 1 << 29
_MAX_GROWTH = 12


@dataclass(frozen=True)
class JoinSurvey:
    """Statistics of a join, done or planned.

    Attributes:
        num_left, num_right: Rows of each table.
        num_matched: Left rows with a matching right row.
        num_unmatched: Left rows with a key but no match; the added columns are empty there.
        num_without_key: Left rows whose key, or a part of it, is empty; the added columns are empty there.
        num_unused: Right rows without a match.
        num_repeated_left: Left rows with the key of an earlier row; each receives the same values.
        num_repeated_right: Right rows with the key of an earlier row: the caller must choose which to use.
        unmatched, unused, repeated_left, repeated_right: The first distinct keys of each kind, at most three; the
            parts of a multi-column key are separated by `` · ``.
        helpful: Looser comparisons that would match more rows, and how many more. Never applied automatically.
    """

    num_left: int
    num_right: int
    num_matched: int
    num_unmatched: int
    num_without_key: int
    num_unused: int
    num_repeated_left: int
    num_repeated_right: int
    unmatched: tuple[str, ...]
    unused: tuple[str, ...]
    repeated_left: tuple[str, ...]
    repeated_right: tuple[str, ...]
    helpful: tuple[tuple[KeyComparison, int], ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values that ``json`` can write."""
        values = asdict(self)
        values["helpful"] = [{**asdict(how), "num_more": gain} for how, gain in self.helpful]
        return values

    def describe(self, masked: bool = False) -> list[str]:
        """One sentence per fact, the most informative first; `masked`: without the keys themselves."""
        first = _hide if masked else _show
        sentences = [f"Matched: {self.num_matched:,} of {count(self.num_left, 'row')}."]
        if self.num_unmatched:
            rows = count(self.num_unmatched, "row")
            sentences.append(f"Unmatched: {rows}, with empty added columns{first(self.unmatched)}.")
        if self.num_without_key:
            rows = count(self.num_without_key, "row")
            sentences.append(f"Without a key: {rows}, with empty added columns.")
        if self.num_repeated_left:
            rows = count(self.num_repeated_left, "row gets", "rows get")
            sentences.append(f"Duplicate keys: {rows} the values of an earlier row{first(self.repeated_left)}.")
        if self.num_repeated_right:
            rows = count(self.num_repeated_right, "row")
            sentences.append(f"Duplicate keys in the other file: {rows}{first(self.repeated_right)}.")
        if self.num_unused:
            rows = count(self.num_right, "row")
            sentences.append(f"Unused: {self.num_unused:,} of {rows} of the other file{first(self.unused)}.")
        return sentences


@dataclass(frozen=True, eq=False)
class Joined:
    """A joined table.

    Attributes:
        table: The left table's rows and columns unchanged, then the right table's columns except its key; every
            column string without nulls, empty in rows without a match.
        survey: Statistics of the join.
        added: Names in the right table to names in the joined table, in the right table's order.
        matched: (n,) bool, True for rows with a match.
    """

    table: pa.Table
    survey: JoinSurvey
    added: Mapping[str, str]
    matched: npt.NDArray[np.bool_]


def survey_join(
    left: pa.Table,
    right: pa.Table,
    on: str | Sequence[str],
    right_on: str | Sequence[str] | None = None,
    comparison: KeyComparison = EXACT,
) -> JoinSurvey:
    """Statistics of `join` without joining; duplicate keys on the right are counted, not an error.

    Raises:
        DataError: As `join`.
    """
    names, right_names = _check_keys(left, right, on, right_on)
    columns = KeyColumns(left, right, names, right_names)
    return _survey(left, right, names, right_names, columns, comparison)[0]


def join(
    left: pa.Table,
    right: pa.Table,
    on: str | Sequence[str],
    right_on: str | Sequence[str] | None = None,
    *,
    comparison: KeyComparison = EXACT,
    duplicates: Duplicates = "refuse",
    suffix: str = CLASH_SUFFIX,
) -> Joined:
    """Add the right table's columns to the left table; the number and order of its rows are unchanged.

    Args:
        left, right: String columns, as `read_table` returns them.
        on: The key: one or several columns of the left table. A row in which one of them is empty matches nothing.
        right_on: The key columns of the right table, if their names differ.
        comparison: The rule for equal keys; exact by default.
        duplicates: Which of several right rows with the same key is used; "refuse" raises an error.
        suffix: Appended to the name of a right column that the left table also has.

    Raises:
        DataError: A column does not exist; the numbers of key columns differ; keys on the right are not unique; the
            right table has no column besides its key; the added columns would take more than 512 MiB and 12 times the
            size of both tables.

    Example:
        >>> import pyarrow as pa
        >>> left = pa.table({"id": ["07", "08"], "income": ["900", "800"]})
        >>> right = pa.table({"id": ["08", "7"], "limit": ["50", "60"]})
        >>> joined = join(left, right, "id")
        >>> joined.table["limit"].to_pylist(), joined.survey.num_unmatched
        (['', '50'], 1)
    """
    names, right_names = _check_keys(left, right, on, right_on)
    added_names = [name for name in right.column_names if name not in right_names]
    if not added_names:
        raise DataError("The other file has no column besides its key: there is nothing to add. Choose another file.")
    columns = KeyColumns(left, right, names, right_names)
    survey, keys = _survey(left, right, names, right_names, columns, comparison)
    if survey.num_repeated_right and duplicates == "refuse":
        several = count(survey.num_repeated_right, "duplicate key")
        raise DataError(
            f"The other file has {several}{_show(survey.repeated_right)}, so the match is ambiguous. "
            "Choose the first or the last row of each key, or a key that is unique."
        )
    rows = keys.matches(last=duplicates == "last")
    matched = rows >= 0
    _check_size(left, right.select(added_names), rows[matched])
    places = pa.array(rows, mask=~matched)
    added = name_added(left.column_names, added_names, suffix)
    table = left
    for name in added_names:
        cells = pc.fill_null(pc.take(right[name], places), "")
        table = table.append_column(added[name], cells)
    return Joined(table, survey, added, matched)


def _check_size(left: pa.Table, added: pa.Table, rows: npt.NDArray[np.int64]) -> None:
    """Raise DataError if repeated long texts would make the result too large: kilobytes can become terabytes."""
    sizes = {
        name: int(as_numpy(pc.binary_length(added[name]))[rows].sum(dtype=np.int64)) for name in added.column_names
    }
    total, max_bytes = sum(sizes.values()), max(_FREE_BYTES, _MAX_GROWTH * (left.nbytes + added.nbytes))
    if total > max_bytes:
        largest = max(sizes, key=lambda name: sizes[name])
        raise DataError(
            f"The joined columns would take {total >> 20:,} MiB; at most {max_bytes >> 20:,} MiB are joined from files "
            f"of this size. Most of it is column {largest!r} ({sizes[largest] >> 20:,} MiB), whose texts would be "
            "repeated: exclude it, or shorten its texts."
        )


def _check_keys(
    left: pa.Table, right: pa.Table, on: str | Sequence[str], right_on: str | Sequence[str] | None
) -> tuple[list[str], list[str]]:
    names = [on] if isinstance(on, str) else list(on)
    other = names if right_on is None else [right_on] if isinstance(right_on, str) else list(right_on)
    if not names or len(names) != len(other):
        raise DataError(
            f"A key needs as many columns in one file as in the other, at least one; received {len(names)} and "
            f"{len(other)}. Name them in the same order."
        )
    for table, key, which in ((left, names, ""), (right, other, "In the other file: ")):
        for name in key:
            if name not in table.column_names:
                raise DataError(which + describe_unknown_column(name, table.column_names))
    return names, other


def name_added(taken: list[str], columns: list[str], suffix: str = CLASH_SUFFIX) -> dict[str, str]:
    """The name of each added column in the result; only clashing names change."""
    used = {*taken, *columns}
    added: dict[str, str] = {}
    for name in columns:
        new, number = name, 1
        if name in taken:
            new = f"{name}{suffix or CLASH_SUFFIX}"
            while new in used:
                number += 1
                new = f"{name}{suffix or CLASH_SUFFIX}{number}"
            used.add(new)
        added[name] = new
    return added


def _survey(
    left: pa.Table,
    right: pa.Table,
    on: Sequence[str],
    right_on: Sequence[str],
    columns: KeyColumns,
    comparison: KeyComparison,
) -> tuple[JoinSurvey, Keys]:
    keys = columns.compare(comparison)
    is_matched = keys.matches() >= 0
    lacking = ~is_matched & (keys.left >= 0)
    asked = np.zeros(keys.num_distinct, dtype=bool)
    asked[keys.left[is_matched]] = True
    # Right rows without a key are also unused.
    unused = np.where(keys.right >= 0, ~asked[keys.right], True) if len(keys.right) else np.zeros(0, dtype=bool)
    again_left, again_right = _repeats(keys.left, keys.num_distinct), _repeats(keys.right, keys.num_distinct)
    num_matched = int(np.count_nonzero(is_matched))
    survey = JoinSurvey(
        num_left=left.num_rows,
        num_right=right.num_rows,
        num_matched=num_matched,
        num_unmatched=int(np.count_nonzero(lacking)),
        num_without_key=int(np.count_nonzero(keys.left < 0)),
        num_unused=int(np.count_nonzero(unused)),
        num_repeated_left=int(np.count_nonzero(again_left)),
        num_repeated_right=int(np.count_nonzero(again_right)),
        unmatched=_examples(left, on, lacking),
        unused=_examples(right, right_on, unused),
        repeated_left=_examples(left, on, again_left),
        repeated_right=_examples(right, right_on, again_right),
        helpful=tuple(columns.find_helpful(comparison, num_matched)) if lacking.any() else (),
    )
    return survey, keys


def _repeats(codes: Codes, num_distinct: int) -> npt.NDArray[np.bool_]:
    """True for rows with the key of an earlier row."""
    first = np.full(num_distinct + 1, -1, dtype=np.int64)
    places = np.arange(len(codes))[::-1]
    first[codes[::-1]] = places
    again: npt.NDArray[np.bool_] = (codes >= 0) & (first[codes] != np.arange(len(codes)))
    return again


def _examples(table: pa.Table, names: Sequence[str], rows: npt.NDArray[np.bool_]) -> tuple[str, ...]:
    places = np.flatnonzero(rows)[:1000]
    keys = zip(*(pc.take(table[name], pa.array(places)).to_pylist() for name in names), strict=True)
    texts = (" · ".join(part if part is not None else "" for part in key) for key in keys)
    return tuple(dict.fromkeys(key for key in texts if key.strip()))[:NUM_EXAMPLES]


def _hide(_: tuple[str, ...]) -> str:
    return ""


def _show(examples: tuple[str, ...]) -> str:
    return f" (first: {', '.join(repr(example) for example in examples)})" if examples else ""
