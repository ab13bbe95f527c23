"""A categorical column becomes one-hot inputs, or an index into categories that the network embeds.

A category is known by its canonical text (see `tables.category_values`); in models of earlier versions, by its text in
the file. A text that is no known category counts as the one known category that it equals in value. Categories rarer
than the given share of training rows, and those beyond the maximum number, are grouped as one category "rare". Missing
is a separate category if it occurs in training rows. An unseen category counts as rare if there is a rare group, since
that is what a new category is; without one it is unknown: all zeros in one-hot, index 0 in an embedding.
"""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.config.sections.preprocessing import MAX_ONE_HOT, ColumnSettings
from riskmodel.features.categories.near_levels import NearLevels, fold_level
from riskmodel.features.state import State
from riskmodel.features.summary import UnseenLevels
from riskmodel.tables.arrow import Array, Cells, as_numpy, pc, strings
from riskmodel.tables.coercion.category_values import find_values, to_canonical
from riskmodel.tables.schema.schema import CategoryValues
from riskmodel.wording import count

UNKNOWN, MISSING, FIRST_LEVEL = 0, 1, 2
"""Indices of an embedding: unknown, missing, the categories in order, and the rare group, if any."""

MAX_UNSEEN_NAMED = 5
_PROBE_ROWS = 1_000
"""Maximum rows whose unseen categories are listed; all rows are counted."""


class CategoricalColumn(State):
    """One fitted categorical column.

    Attributes:
        name: The column's name.
        encoding: ``onehot`` or ``embedding``.
        levels: Separate categories, in ascending order of their text.
        rare_levels: Categories seen in training and grouped as rare, in the same order; empty without a
            group.
        has_missing: Whether training rows had missing values.
        evidence, log_counts: Weight of evidence and ln(1 + customers) of each category, of each rare one, and of
            missing; empty if the risk of categories is not an input.
        is_folded: Whether categories that differ only as in `fold_level` share their risk, and an unseen text counts as
            such a category; False in models of earlier versions.
        single_share: Share of the training rows with a category that no other row has, in [0, 1]: the share of unseen
            categories to expect in new rows (Good 1953, "The population frequencies of species"). 0 in models of
            earlier versions.
    """

    name: str
    kind: Literal["categorical"] = "categorical"
    encoding: Literal["onehot", "embedding"] = "onehot"
    levels: tuple[str, ...]
    rare_levels: tuple[str, ...] = ()
    has_missing: bool = False
    evidence: tuple[float, ...] = ()
    log_counts: tuple[float, ...] = ()
    is_folded: bool = False
    single_share: float = 0.0

    @property
    def sources(self) -> tuple[str, ...]:
        """The source columns: itself."""
        return (self.name,)

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the outputs: of one-hot inputs in order, or of the one embedded column."""
        if self.encoding == "embedding":
            return (self.name,)
        groups = (f"{self.name} rare",) * bool(self.rare_levels) + (f"{self.name} missing",) * self.has_missing
        return tuple(f"{self.name}={level}" for level in self.levels) + groups

    @property
    def cardinality(self) -> int:
        """Number of indices of the embedding; every index is below it."""
        return FIRST_LEVEL + len(self.levels) + bool(self.rare_levels)

    @property
    def treatment(self) -> str:
        """Description of the fitted transformation."""
        how = "one-hot" if self.encoding == "onehot" else "embedding"
        steps = [f"{how}, {count(len(self.levels), 'category', 'categories')}"]
        if self.rare_levels:
            steps += [f"{len(self.rare_levels):,} grouped as rare"]
        if self.has_missing:
            steps += ["missing is a category"]
        if self.evidence:
            steps += [f"risk of {count(len(self.evidence) - 1, 'category', 'categories')}"]
        return "; ".join([*steps, f"unseen → {'rare' if self.rare_levels else 'unknown'}"])

    @cached_property
    def _value_set(self) -> Array:
        return strings([*self.levels, *self.rare_levels])

    @cached_property
    def _canonical(self) -> tuple[CategoryValues, Array]:
        """Comparison rules of the known categories, and their canonical texts."""
        values = find_values(self._value_set)
        return values, to_canonical(self._value_set, values)

    @cached_property
    def _indices(self) -> npt.NDArray[np.int32]:
        """Output index by place: categories, rare categories, missing, unseen."""
        num_levels, num_rare = len(self.levels), len(self.rare_levels)
        one_hot = self.encoding == "onehot"
        first = 0 if one_hot else FIRST_LEVEL
        rare = first + num_levels
        unseen = rare if num_rare else (-1 if one_hot else UNKNOWN)
        missing = MISSING if not one_hot else len(self.outputs) - 1 if self.has_missing else unseen
        return np.array([*range(first, first + num_levels), *[rare] * num_rare, missing, unseen], np.int32)

    def places(self, column: Cells) -> npt.NDArray[np.int32]:
        """Place of each row's category among categories, rare categories, missing and unseen, in this order.

        Args:
            column: Strings, null where missing, n rows.

        Returns:
            int32, shape (n,), in [0, categories + rare categories + 2).
        """
        num_known = len(self._value_set)
        found = pc.index_in(column, value_set=self._value_set)
        if found.null_count > column.null_count:
            found = self._match_by_value(column, found)
        if self.is_folded and found.null_count > column.null_count:
            found = self._match_folded(column, found)
        places: npt.NDArray[np.int32] = as_numpy(pc.fill_null(found, num_known + 1))
        if column.null_count:
            places = places.copy()
            places[as_numpy(pc.is_null(column))] = num_known
        return places

    def _match_by_value(self, column: Cells, found: Cells) -> Cells:
        """Places, with unknown texts replaced by the one category of equal value, if any."""
        values, canonical = self._canonical
        counted = pc.value_counts(canonical)
        ambiguous = counted.field("values").filter(pc.greater(counted.field("counts"), 1))
        unknown = pc.unique(column.filter(pc.is_null(found))).drop_null()
        equal = to_canonical(unknown, values)
        places = pc.if_else(pc.is_in(equal, value_set=ambiguous), None, pc.index_in(equal, value_set=canonical))
        if places.null_count == len(places):
            return found
        matched: Cells = pc.coalesce(found, places.take(pc.index_in(column, value_set=unknown)))
        return matched

    def _match_folded(self, column: Cells, found: Cells) -> Cells:
        """Places, with unknown texts replaced by the first category with the same folded text, if any."""
        unknown = pc.unique(column.filter(pc.is_null(found))).drop_null()
        places = pa.array([self._by_folded.get(fold_level(text)) for text in unknown.to_pylist()], pa.int32())
        matched: Cells = pc.coalesce(found, places.take(pc.index_in(column, value_set=unknown)))
        return matched

    @cached_property
    def _by_folded(self) -> dict[str, int]:
        known = [*self.levels, *self.rare_levels]
        return {fold_level(level): place for place, level in reversed(list(enumerate(known)))}

    def risk_groups(self) -> npt.NDArray[np.int64]:
        """Group of each place that a training row can have: categories that share their risk share a number.

        Returns:
            int64, (k + 1,), of categories, rare categories and missing, in [0, k].
        """
        known = [*self.levels, *self.rare_levels]
        if not self.is_folded:
            return np.arange(len(known) + 1)
        return np.array([*(self._by_folded[fold_level(level)] for level in known), len(known)])

    def indices(self, places: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """The output index of each row, int32 (n,), from its place.

        For one-hot it is the position among `outputs` that is 1, or −1 for none; for an embedding, the index in
        [0, cardinality).
        """
        return self._indices[places]

    def statistic(self, kind: Literal["risk", "customers"], places: npt.NDArray[np.int32]) -> npt.NDArray[np.float64]:
        """Evidence or log count of each row's category, float64 (n,), from its place; 0 if unseen."""
        return np.array([*(self.evidence if kind == "risk" else self.log_counts), 0.0])[places]

    @cached_property
    def _near(self) -> NearLevels:
        return NearLevels([*self.levels, *self.rare_levels])

    def unseen(self, column: Cells) -> UnseenLevels | None:
        """The unseen categories; None without any. Missing is not counted."""
        mask = self.places(column) == len(self._value_set) + 1
        rows = np.flatnonzero(mask)
        if not rows.size:
            return None
        first = pc.unique(column.take(rows[:_PROBE_ROWS])).to_pylist()
        near = dict(islice(self._near.find(first).items(), MAX_UNSEEN_NAMED))
        return UnseenLevels(len(rows), tuple(first[:MAX_UNSEEN_NAMED]), near, mask, self.single_share)


def write_one_hot(indices: npt.NDArray[np.int32], block: npt.NDArray[np.float32], first: int) -> None:
    """Write a 1 at column ``first + index`` of each row; index −1 writes none.

    Args:
        indices: int32, shape (n,).
        block: float32, shape (n, d), zero in the columns concerned.
    """
    rows = np.flatnonzero(indices >= 0)
    block[rows, indices[rows] + first] = 1.0


def fit_categorical(name: str, column: Cells, settings: ColumnSettings) -> CategoricalColumn | str:
    """Fit a column to its training values.

    Args:
        column: Strings, null where missing, n ≥ 1 rows.

    Returns:
        The fitted column, or the reason for excluding it.
    """
    counts = _count_levels(column)
    if not counts:
        return "every value is missing in the training rows"
    min_count = settings.rare_share * len(column)
    by_count = sorted(counts, key=lambda level: (-counts[level], level))
    kept = {level for level in by_count[: settings.max_levels] if counts[level] >= min_count}
    encoding = settings.encoding
    if encoding == "auto":
        encoding = "onehot" if len(kept) <= MAX_ONE_HOT and not wants_risk(settings, len(counts)) else "embedding"
    fitted = CategoricalColumn(
        name=name,
        encoding="onehot" if encoding == "onehot" else "embedding",
        levels=tuple(sorted(kept)),
        rare_levels=tuple(sorted(counts.keys() - kept)),
        has_missing=column.null_count > 0,
        single_share=sum(number == 1 for number in counts.values()) / sum(counts.values()),
    )
    num_groups = len(fitted.levels) + bool(fitted.rare_levels) + fitted.has_missing
    return fitted if num_groups > 1 else _why_left_out(fitted, settings)


def wants_risk(settings: ColumnSettings, num_levels: int) -> bool:
    """Whether the risk of a column's categories is an input."""
    return settings.encoding == "risk" or (settings.encoding == "auto" and num_levels > settings.max_levels)


def _count_levels(column: Cells) -> dict[str, int]:
    counted = pc.value_counts(column.drop_null())
    return {row["values"]: row["counts"] for row in counted.to_pylist()}


def _why_left_out(column: CategoricalColumn, settings: ColumnSettings) -> str:
    if column.levels:
        return f"the training rows hold one category, '{column.levels[0]}'"
    return (
        f"each of its {len(column.rare_levels):,} categories has less than {100 * settings.rare_share:.3g}% of the "
        "training rows, so that all would be grouped as rare"
    )
