"""Matching of the keys of two tables, and the comparisons that would match more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from riskmodel.tables.arrow import Array, Cells, as_numpy, pc

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True)
class KeyComparison:
    """The rule for equal keys; by default exact, including leading zeros.

    Attributes:
        trim_spaces: Spaces around a key are ignored.
        ignore_case: Upper and lower case are equal.
        as_numbers: Keys of digits are compared as integers: ``00017``, ``17`` and ``17.0`` are equal.
    """

    trim_spaces: bool = False
    ignore_case: bool = False
    as_numbers: bool = False

    def describe(self) -> str:
        """Description, such as ``exact``."""
        options = [words for name, words in KEY_OPTIONS.items() if getattr(self, name)]
        return ", ".join(options) if options else "exact"

    def apply(self, texts: Array) -> Array:
        """Keys normalized so that equal keys are equal texts."""
        if self.trim_spaces:
            texts = pc.utf8_trim_whitespace(texts)
        if self.as_numbers:
            texts = _as_whole_numbers(texts)
        return pc.utf8_lower(texts) if self.ignore_case else texts


KEY_OPTIONS = {
    "trim_spaces": "without the spaces around them",
    "ignore_case": "ignoring case",
    "as_numbers": "digits as whole numbers, without leading zeros",
}
"""Descriptions of the options of `KeyComparison`."""

EXACT = KeyComparison()


@dataclass(frozen=True, eq=False)
class Keys:
    """The keys of two tables, encoded as integers: equal keys have equal codes, -1 where a row has no key.

    Attributes:
        left: (n,) int64.
        right: (m,) int64.
        num_distinct: Upper bound of the codes (exclusive).
    """

    left: Codes
    right: Codes
    num_distinct: int

    @cached_property
    def first_right(self) -> Codes:
        """(num_distinct,) the first right row of each key, -1 for none."""
        rows = np.full(self.num_distinct, -1, dtype=np.int64)
        places = np.flatnonzero(self.right >= 0)[::-1]
        rows[self.right[places]] = places  # the last of several assignments wins
        return rows

    @cached_property
    def last_right(self) -> Codes:
        """(num_distinct,) the last right row of each key, -1 for none."""
        rows = np.full(self.num_distinct, -1, dtype=np.int64)
        places = np.flatnonzero(self.right >= 0)
        rows[self.right[places]] = places
        return rows

    def matches(self, last: bool = False) -> Codes:
        """(n,) the matching right row of each left row, -1 for none."""
        chosen = self.last_right if last else self.first_right
        if self.num_distinct == 0:
            return np.full(len(self.left), -1, dtype=np.int64)
        return np.where(self.left >= 0, chosen[self.left], -1)


class KeyColumns:
    """The key columns of two tables, encoded once; for each comparison only distinct keys are normalized again."""

    def __init__(self, left: pa.Table, right: pa.Table, on: Sequence[str], right_on: Sequence[str]) -> None:
        self._columns = [_encode(left[one], right[other]) for one, other in zip(on, right_on, strict=True)]
        self._num_left = left.num_rows

    def compare(self, comparison: KeyComparison = EXACT) -> Keys:
        """The keys encoded as integers under a comparison."""
        joined: Codes | None = None
        num_distinct = 0
        for codes, distinct in self._columns:
            column, size = _merge_equal(codes, distinct, comparison.apply(distinct))
            if joined is None:
                joined, num_distinct = column, size
                continue
            absent = (joined < 0) | (column < 0)
            # Codes of combined columns grow fast: they are compacted after each column.
            pairs, unique = pd.factorize(joined * size + column)
            joined, num_distinct = np.where(absent, -1, pairs.astype(np.int64)), len(unique)
        assert joined is not None, "at least one key column"
        return Keys(joined[: self._num_left], joined[self._num_left :], num_distinct)

    def find_helpful(self, comparison: KeyComparison, num_matched: int) -> Iterator[tuple[KeyComparison, int]]:
        """Looser comparisons that match more left rows, and how many more.

        Each option alone; if none helps alone, all effective options together.

        Args:
            comparison: The current comparison.
            num_matched: Left rows matched by it.
        """
        looser = [replace(comparison, **{name: True}) for name in KEY_OPTIONS if not getattr(comparison, name)]
        effective = [option for option in looser if self._changes_keys(comparison, option)]
        gains = [(option, _num_matched(self.compare(option)) - num_matched) for option in effective]
        helpful = [pair for pair in gains if pair[1] > 0]
        if not helpful and len(effective) > 1:
            together = KeyComparison(
                **{name: any(getattr(option, name) for option in effective) for name in KEY_OPTIONS}
            )
            gain = _num_matched(self.compare(together)) - num_matched
            helpful = [(together, gain)] if gain > 0 else []
        yield from helpful

    def _changes_keys(self, one: KeyComparison, other: KeyComparison) -> bool:
        return any(not one.apply(distinct).equals(other.apply(distinct)) for _, distinct in self._columns)


def _num_matched(keys: Keys) -> int:
    return int(np.count_nonzero(keys.matches() >= 0))


def _encode(left: Cells, right: Cells) -> tuple[Codes, Array]:
    """Both columns, concatenated, as indices into their distinct texts, and these texts."""
    cells = pa.chunked_array([*left.chunks, *right.chunks], type=pa.string())
    encoded = pc.dictionary_encode(cells).unify_dictionaries()
    if encoded.num_chunks == 0:
        return np.empty(0, dtype=np.int64), pa.array([], pa.string())
    codes = np.concatenate([as_numpy(pc.fill_null(chunk.indices, -1)) for chunk in encoded.chunks])
    return codes.astype(np.int64), encoded.chunk(0).dictionary


def _merge_equal(codes: Codes, distinct: Array, compared: Array) -> tuple[Codes, int]:
    """The indices mapped to the normalized distinct texts; -1 for empty ones."""
    place, size = np.arange(len(distinct)), len(distinct)
    if not compared.equals(distinct):
        again = pc.dictionary_encode(compared)
        place, size = as_numpy(again.indices).astype(np.int64), len(again.dictionary)
    blank = as_numpy(pc.equal(pc.utf8_trim_whitespace(distinct), ""))
    place = np.append(np.where(blank, -1, place), -1)  # a null cell has the index -1, the last entry
    return place[codes], max(size, 1)


def _as_whole_numbers(texts: Array) -> Array:
    plain = pc.utf8_trim_whitespace(texts)
    if pc.any(pc.match_substring(plain, ".")).as_py():
        plain = pc.replace_substring_regex(plain, r"^([0-9]+)\.0+$", r"\1")
    digits = pc.ascii_is_decimal(plain)
    short = pc.utf8_ltrim(plain, "0")
    whole: Array = pc.if_else(digits, pc.if_else(pc.equal(short, ""), "0", short), texts)
    return whole
