"""Statistics of every column: missing and distinct counts, distribution, and bad rate by bin."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.arrow import Cells, as_numpy, pc
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.evidence.evidence import list_texts
from riskmodel.tables.evidence.special_texts import hide_special_codes
from riskmodel.tables.schema.schema import Column, ColumnKind
from riskmodel.tables.values.special_codes import describe_special_codes, find_special_codes
from riskmodel.tables.values.text_hashes import count_equal, hash_texts

NUM_BINS = 20
MAX_SHOWN_LEVELS = 20

_EPOCH = datetime.date(1970, 1, 1)


@dataclass(frozen=True)
class ColumnProfile:
    """Statistics of one column.

    Attributes:
        name: The column.
        kind: Its role.
        missing: Number of missing cells; for identifiers and ignored columns, of empty cells.
        missing_share: Their share of all rows, in [0, 1].
        distinct: Number of distinct values, without missing ones.
        minimum: Smallest number or date; like the following, None for texts and if all cells are missing.
        maximum: Largest number or date.
        mean: Mean number; None for dates.
        median: Median number or date (for an even number of values the lower middle one).
        edges: The (bins + 1) edges of the bins of numbers or dates, ascending; a bin holds its left edge, the last
            one both. They are equally wide from the 1% to the 99% quantile, but the first and last one extend to
            the minimum and maximum; a likely special code has a bin of its own. Empty for values and categories.
        levels: Instead of bins: the values themselves where a number has at most 20 (ascending), or the at most 20
            most frequent categories. Empty for bins, identifiers and ignored columns.
        counts: Rows in each bin, or of each value or category.
        bad_rate_by_bin: Bad rate of the labeled rows of each bin, value or category, in [0, 1]; None without any.
        missing_bad_rate: The same for rows where the value is missing.
        note: A message for the analyst, or empty.
    """

    name: str
    kind: ColumnKind
    missing: int
    missing_share: float
    distinct: int
    minimum: float | datetime.date | None = None
    maximum: float | datetime.date | None = None
    mean: float | None = None
    median: float | datetime.date | None = None
    edges: tuple[float, ...] | tuple[datetime.date, ...] = ()
    levels: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    bad_rate_by_bin: tuple[float | None, ...] = ()
    missing_bad_rate: float | None = None
    note: str = ""


def profile_dataset(dataset: Dataset) -> tuple[ColumnProfile, ...]:
    """Statistics of every column, in the table's order, computed from all rows.

    Bad rates are None if the dataset has no target or bad value.
    """
    bad = dataset.bad() if dataset.schema.has_outcome else np.full(dataset.num_rows, -1, dtype=np.int8)
    table = hide_special_codes(dataset.table, dataset.schema)
    with ThreadPoolExecutor(max_workers=4) as pool:
        columns = dataset.schema.columns
        return tuple(
            pool.map(lambda column: _profile(column, table[column.name], bad, dataset.table[column.name]), columns)
        )


def _profile(column: Column, cells: Cells, bad: npt.NDArray[np.int8], coded: Cells) -> ColumnProfile:
    """Statistics of one column without its special codes, which are in `coded`."""
    if column.kind in ("identifier", "ignored"):
        return _profile_unused(column, cells)
    present: npt.NDArray[np.bool_] = as_numpy(pc.is_valid(cells))
    missing = int(len(present) - np.count_nonzero(present))
    figures: dict[str, Any] = {
        "name": column.name,
        "kind": column.kind,
        "missing": missing,
        "missing_share": missing / max(len(present), 1),
        "missing_bad_rate": _bad_rates(np.zeros(missing, dtype=np.int64), bad[~present], 1)[0] if missing else None,
    }
    if missing == len(present):
        return ColumnProfile(**figures, distinct=0, note="has no value in any row")
    known = bad[present] if missing else bad
    if column.kind in ("categorical", "target"):
        figures |= _count_levels(cells.drop_null() if missing else cells, known)
    else:
        numbers = pc.cast(pc.cast(cells, pa.int32()), pa.float64()) if column.kind == "date" else cells
        values: npt.NDArray[np.float64] = as_numpy(numbers.drop_null() if missing else numbers)
        codes = {} if column.kind == "date" else find_special_codes(numbers)
        figures |= _count_numbers(values, known, column.kind == "date", tuple(codes))
        figures["note"] = describe_special_codes(numbers) if codes else ""
    notes = [_note(figures)]
    if num_codes := cells.null_count - coded.null_count:
        notes.append(f"{num_codes:,} of the missing cells are special codes ({list_texts(column.special_texts)})")
    return ColumnProfile(**{**figures, "note": "; ".join(filter(None, notes))})


def _profile_unused(column: Column, cells: Cells) -> ColumnProfile:
    missing = int(pc.sum(pc.equal(cells, ""), min_count=0).as_py())
    num_distinct = len(count_equal(hash_texts(cells))) - int(missing > 0)
    note = column.reason
    if column.kind == "identifier":
        repeated = len(cells) - missing - num_distinct
        note = f"{repeated:,} rows repeat another row's value" if repeated else "different in every row"
    return ColumnProfile(column.name, column.kind, missing, missing / max(len(cells), 1), num_distinct, note=note)


def _note(figures: dict[str, Any]) -> str:
    if figures["distinct"] > 1:
        return str(figures.get("note", ""))
    if figures["missing"]:
        return "has one value where it is not missing"
    return "has the same value in every row: nothing can be learned from it"


def _count_levels(cells: Cells, bad: npt.NDArray[np.int8]) -> dict[str, Any]:
    """The most frequent categories of texts without nulls."""
    levels = pc.unique(cells)
    codes: npt.NDArray[np.int64] = as_numpy(pc.cast(pc.index_in(cells, value_set=levels), pa.int64()))
    counts = np.bincount(codes, minlength=len(levels))
    rates = _bad_rates(codes, bad, len(levels))
    shown = np.argsort(-counts, kind="stable")[:MAX_SHOWN_LEVELS]
    return {
        "distinct": len(levels),
        "levels": tuple(levels.take(pa.array(shown)).to_pylist()),
        "counts": tuple(counts[shown].tolist()),
        "bad_rate_by_bin": tuple(rates[index] for index in shown),
    }


def _count_numbers(
    values: npt.NDArray[np.float64], bad: npt.NDArray[np.int8], dates: bool, codes: tuple[float, ...]
) -> dict[str, Any]:
    """Bins of numbers (dates as days since 1970) without missing ones; one sort yields nearly all statistics."""
    ordered = np.sort(values)
    first = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    figures: dict[str, Any] = {
        "distinct": len(first),
        "minimum": float(ordered[0]),
        "maximum": float(ordered[-1]),
        "median": float(ordered[(len(ordered) - 1) // 2]),
        "mean": None if dates else float(values.mean()),
    }
    if len(first) <= MAX_SHOWN_LEVELS and not dates:
        edges = ordered[first]
        figures["levels"] = tuple(f"{value:.15g}" for value in edges)
        bins = np.searchsorted(edges, values)
    else:
        edges = _find_edges(ordered, dates, codes)
        figures["edges"] = tuple(edges.tolist())
        bins = np.searchsorted(edges[1:-1], values, side="right")
    num_bins = len(figures.get("levels", edges[1:]))
    figures["counts"] = tuple(np.bincount(bins, minlength=num_bins).tolist())
    figures["bad_rate_by_bin"] = tuple(_bad_rates(bins, bad, num_bins))
    if dates:
        figures |= {name: _as_date(figures[name]) for name in ("minimum", "maximum", "median")}
        figures["edges"] = tuple(_as_date(day) for day in figures["edges"])
    return figures


def _find_edges(ordered: npt.NDArray[np.float64], dates: bool, codes: tuple[float, ...]) -> npt.NDArray[np.float64]:
    """Edges of bins of ascending values, as described in `ColumnProfile`; at least one bin."""
    regular = ordered[~np.isin(ordered, codes)] if codes else ordered
    last = len(regular) - 1
    low, high = regular[last // 100], regular[last - last // 100]
    if low == high:
        low, high = regular[0], regular[-1]
    # Halved first, so that values near the largest float do not overflow.
    width = 2 * ((high / 2 - low / 2) / NUM_BINS)
    edges = low + width * np.arange(NUM_BINS + 1)
    if width > 0:
        edges = np.round(edges, 0 if dates else int(np.clip(2 - np.floor(np.log10(width)), 0, 300)))
    between = edges[1:-1][(edges[1:-1] > regular[0]) & (edges[1:-1] < regular[-1])]
    own = [regular[0], np.nextafter(regular[-1], np.inf)] if codes else []
    edges = np.unique(np.concatenate(([ordered[0]], own, between, [ordered[-1]])))
    edges = edges[edges <= ordered[-1]]
    return edges if len(edges) > 1 else np.array([edges[0], edges[0] + 1])


def _bad_rates(bins: npt.NDArray[np.int64], bad: npt.NDArray[np.int8], num_bins: int) -> list[float | None]:
    """Bad rate of the labeled rows per bin; `bins` and `bad` are (n,)."""
    labeled = np.bincount(bins[bad >= 0], minlength=num_bins)
    bads = np.bincount(bins[bad == 1], minlength=num_bins)
    pairs = zip(bads.tolist(), labeled.tolist(), strict=True)
    return [num_bads / count if count else None for num_bads, count in pairs]


def _as_date(days: float) -> datetime.date:
    return _EPOCH + datetime.timedelta(days=int(days))
