"""Distribution shift of one column between two tables."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from riskmodel.evaluation.psi import compute_psi, psi_by_chance
from riskmodel.tables.arrow import Cells, as_numpy, pc

NUM_BINS = 10
MAX_COUNTED_VALUES = 20
"""Most distinct numbers that are counted by value."""
MAX_COUNTED_LEVELS = 50
"""Most categories that are counted individually; the rest are pooled."""
NUM_EXAMPLES = 5

Counts = npt.NDArray[np.int64]
Codes = tuple[Mapping[str, int], Mapping[str, int]]
"""Rows of each special code before and after, by the code's text."""
NO_CODES: Codes = ({}, {})


@dataclass(frozen=True)
class Shift:
    """Statistics of one column before and after.

    Attributes:
        psi: Population stability index over bins that each hold a tenth of the earlier values, or over values and
            categories where there are few; missing cells are a bin, and so is each special code. None for dates, which
            shift with time.
        chance: The index expected without a shift.
        missing_before, missing_after: Share of missing cells, in [0, 1].
        mean_before, mean_after: For numbers; None for other kinds and if all are missing.
        range_before, range_after: First and last date; None for other kinds and where all are missing.
        new_levels: Categories absent before, with their numbers of rows, the most frequent first.
        vanished_levels: Categories absent after, with their earlier numbers of rows.
        special_codes: Each special code with its share of the rows before and after, in [0, 1].
    """

    psi: float | None
    chance: float
    missing_before: float
    missing_after: float
    mean_before: float | None = None
    mean_after: float | None = None
    range_before: tuple[datetime.date, datetime.date] | None = None
    range_after: tuple[datetime.date, datetime.date] | None = None
    new_levels: tuple[tuple[str, int], ...] = ()
    vanished_levels: tuple[tuple[str, int], ...] = ()
    special_codes: tuple[tuple[str, float, float], ...] = ()


def compare_numbers(before: Cells, after: Cells, codes: Codes = NO_CODES) -> Shift:
    """Shift of float64 cells, null where missing or a special code.

    Args:
        codes: Numbers of rows of the special codes; each code is a separate bin.
    """
    old, new = _present(before), _present(after)
    values = np.unique(old)
    if len(values) <= MAX_COUNTED_VALUES:
        # Numbers between the values, below the first or above the last one belong to none of the values.
        edges = np.sort(np.concatenate([values, np.nextafter(values, np.inf)]))
    else:
        edges = np.unique(np.quantile(old, np.linspace(0, 1, NUM_BINS + 1)[1:-1]))
    texts = _texts(codes)
    counts = [
        np.array(
            [
                *np.bincount(np.searchsorted(edges, numbers, side="right"), minlength=len(edges) + 1),
                *(rows.get(text, 0) for text in texts),
                _num_missing(cells, rows),
            ]
        )
        for numbers, cells, rows in zip((old, new), (before, after), codes, strict=True)
    ]
    return Shift(
        psi=_psi(*counts),
        chance=psi_by_chance(*counts),
        missing_before=_missing(before, codes[0]),
        missing_after=_missing(after, codes[1]),
        mean_before=float(old.mean()) if len(old) else None,
        mean_after=float(new.mean()) if len(new) else None,
        special_codes=_code_shares(before, after, codes),
    )


def compare_levels(before: Cells, after: Cells) -> Shift:
    """Shift of string cells, null where missing."""
    old, new = count_levels(before), count_levels(after)
    named = list(old)[:MAX_COUNTED_LEVELS]
    rest = set(list(old)[MAX_COUNTED_LEVELS:])
    unseen = {level: rows for level, rows in new.items() if level not in old}
    counts = [
        np.array([*(levels.get(level, 0) for level in named), sum(levels.get(level, 0) for level in rest), other, null])
        for levels, other, null in ((old, 0, before.null_count), (new, sum(unseen.values()), after.null_count))
    ]
    return Shift(
        psi=_psi(*counts),
        chance=psi_by_chance(*counts),
        missing_before=_missing(before),
        missing_after=_missing(after),
        new_levels=tuple(unseen.items()),
        vanished_levels=tuple((level, rows) for level, rows in old.items() if level not in new),
    )


def compare_dates(before: Cells, after: Cells, codes: Codes = NO_CODES) -> Shift:
    """Shift of date32 cells, null where missing or a special code; arguments as for `compare_numbers`."""
    return Shift(
        psi=None,
        chance=0.0,
        missing_before=_missing(before, codes[0]),
        missing_after=_missing(after, codes[1]),
        range_before=_range(before),
        range_after=_range(after),
        special_codes=_code_shares(before, after, codes),
    )


def count_levels(cells: Cells) -> dict[str, int]:
    """Number of rows of each text, the most frequent first, ties in order of appearance; nulls are ignored."""
    counted = pc.value_counts(cells.drop_null())
    pairs = zip(counted.field("values").to_pylist(), counted.field("counts").to_pylist(), strict=True)
    return dict(sorted(pairs, key=lambda pair: -pair[1]))


def _present(cells: Cells) -> npt.NDArray[np.float64]:
    values: npt.NDArray[np.float64] = as_numpy(cells.drop_null())
    return values


def _num_missing(cells: Cells, codes: Mapping[str, int]) -> int:
    return int(cells.null_count) - sum(codes.values())


def _missing(cells: Cells, codes: Mapping[str, int] = MappingProxyType({})) -> float:
    return _num_missing(cells, codes) / max(len(cells), 1)


def _texts(codes: Codes) -> list[str]:
    return list(dict.fromkeys((*codes[0], *codes[1])))


def _code_shares(before: Cells, after: Cells, codes: Codes) -> tuple[tuple[str, float, float], ...]:
    sizes = max(len(before), 1), max(len(after), 1)
    return tuple((t, codes[0].get(t, 0) / sizes[0], codes[1].get(t, 0) / sizes[1]) for t in _texts(codes))


def _psi(before: Counts, after: Counts) -> float | None:
    index = compute_psi(before, after)
    return None if np.isnan(index) else index


def _range(cells: Cells) -> tuple[datetime.date, datetime.date] | None:
    ends = pc.min_max(cells).as_py()
    return None if ends["min"] is None else (ends["min"], ends["max"])
