"""Split of the labeled rows into training, validation and test set."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.config.sections.split import SplitConfig
from riskmodel.errors import DataError
from riskmodel.tables.arrow import as_numpy, pc
from riskmodel.tables.dataset import Dataset
from riskmodel.wording import count, plural

PartName = Literal["train", "validation", "test", "unlabeled"]
PARTS: dict[PartName, int] = {"train": 0, "validation": 1, "test": 2, "unlabeled": -1}
SET_NAMES = {"train": "training set", "validation": "validation set", "test": "test set"}
MINIMUM_PER_CLASS = 10
"""Minimum number of bad (and of good) customers in each set."""

_TRAIN, _VALIDATION, _TEST, _UNLABELED = 0, 1, 2, -1


@dataclass(frozen=True, eq=False)
class Split:
    """Assignment of rows to sets.

    Attributes:
        part: (n,) int8: 0 training, 1 validation, 2 test, -1 unlabeled.
        notes: Messages for the analyst about the split.
    """

    part: npt.NDArray[np.int8]
    notes: tuple[str, ...] = ()

    def rows(self, name: PartName) -> npt.NDArray[np.int64]:
        """Row indices of one set, ascending, (rows of the set,) int64."""
        return np.flatnonzero(self.part == PARTS[name]).astype(np.int64, copy=False)

    def counts(self) -> dict[PartName, int]:
        """Number of rows in each set."""
        return {name: int(np.count_nonzero(self.part == code)) for name, code in PARTS.items()}


def make_split(dataset: Dataset, config: SplitConfig, seed: int) -> Split:
    """Split the labeled rows by `config`.

    A random split is stratified: good and bad customers are split separately, so every set has the same bad rate up to
    one row; the same seed gives the same sets. In a split by date, the latest rows are the test set and those before
    them the validation set; rows of one date are never separated. Unlabeled rows are in no set.

    Raises:
        DataError: A set would have fewer than 10 good or bad customers, the date column does not exist or is not a date
            column, or there are too few dates.
    """
    bad = dataset.bad()
    if config.method == "date":
        split = _split_by_date(dataset, bad, config)
    else:
        split = Split(_split_at_random(bad, config, seed))
    _check_classes(dataset, bad, split, config)
    return split


def _split_at_random(bad: npt.NDArray[np.int8], config: SplitConfig, seed: int) -> npt.NDArray[np.int8]:
    random = np.random.default_rng(seed)
    part = np.full(len(bad), _UNLABELED, dtype=np.int8)
    for outcome in (0, 1):
        rows = random.permutation(np.flatnonzero(bad == outcome))
        num_test = round(len(rows) * config.test_share)
        num_validation = round(len(rows) * config.validation_share)
        part[rows] = _TRAIN
        part[rows[:num_test]] = _TEST
        part[rows[num_test : num_test + num_validation]] = _VALIDATION
    return part


def _split_by_date(dataset: Dataset, bad: npt.NDArray[np.int8], config: SplitConfig) -> Split:
    days, known = _read_days(dataset, config.date_column)
    labeled = bad >= 0
    dated = labeled & known
    test_from, validation_from = _find_boundaries(days[dated], config)
    part = np.where(labeled, _TRAIN, _UNLABELED).astype(np.int8)
    part[dated & (days >= validation_from)] = _VALIDATION
    part[dated & (days >= test_from)] = _TEST
    notes = [
        f"By {config.date_column!r}: training before {_day(validation_from)}, "
        f"validation before {_day(test_from)}, test from then on."
    ]
    num_undated = int(np.count_nonzero(labeled & ~known))
    if num_undated:
        notes.append(
            f"{count(num_undated, 'customer')} with a known outcome {plural(num_undated, 'has', 'have')} no "
            f"{config.date_column!r}; {plural(num_undated, 'it is', 'they are')} in the training set, so that "
            "the validation and test sets hold only customers known to be later."
        )
    return Split(part, tuple(notes))


def _read_days(dataset: Dataset, name: str | None) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """Days since 1970 of each row (0 where missing) and whether the date is known, both (n,)."""
    if name is None:
        raise DataError("A split by date needs a date column; none is chosen. Choose one, or split at random.")
    kind = dataset.schema.kind_of(name)
    if kind != "date":
        raise DataError(
            f"Column {name!r} cannot split by date: it is marked as {kind}. "
            "Mark it as a date, or choose another column, or split at random."
        )
    column = dataset.table[name]
    known: npt.NDArray[np.bool_] = as_numpy(pc.is_valid(column))
    days: npt.NDArray[np.int32] = as_numpy(pc.fill_null(pc.cast(column, pa.int32()), 0))
    return days, known


def _find_boundaries(days: npt.NDArray[np.int32], config: SplitConfig) -> tuple[int, int]:
    """First day of the test set and of the validation set, nearest to the requested shares."""
    distinct, first = np.unique(np.sort(days), return_index=True)
    if len(distinct) < 3:
        raise DataError(
            f"Column {config.date_column!r} has {count(len(distinct), 'different date')} among the customers with a "
            "known outcome; a split by date needs at least 3. Choose another date column, or split at random."
        )
    # first[i] is the number of rows before distinct[i], left for earlier sets if a set starts there.
    before_test = len(days) * (1 - config.test_share)
    test = 2 + int(np.argmin(np.abs(first[2:] - before_test)))
    before_validation = len(days) * (1 - config.test_share - config.validation_share)
    validation = 1 + int(np.argmin(np.abs(first[1:test] - before_validation)))
    return int(distinct[test]), int(distinct[validation])


def _check_classes(dataset: Dataset, bad: npt.NDArray[np.int8], split: Split, config: SplitConfig) -> None:
    names: tuple[PartName, ...] = ("train", "validation", "test")
    for name in names:
        outcomes = bad[split.part == PARTS[name]]
        for word, number in (("bad", int(np.sum(outcomes == 1))), ("good", int(np.sum(outcomes == 0)))):
            if number < MINIMUM_PER_CLASS:
                listed = ", ".join(map(repr, dataset.schema.bad_values))
                customers = count(number, f"{word} customer")
                raise DataError(
                    f"The {SET_NAMES[name]} would have {customers}; at least {MINIMUM_PER_CLASS} are needed "
                    f"(target {dataset.schema.target!r}, bad: {listed}, "
                    f"{int(np.sum(bad == 1)):,} bad and {int(np.sum(bad == 0)):,} good rows in all). {_advice(config)}"
                )


def _advice(config: SplitConfig) -> str:
    if config.method == "date":
        return "Use more rows, a larger share for that part, or a random split."
    return "Use more rows or a larger share for that part, or check the bad value."


def _day(days: int) -> str:
    return str(np.datetime64(days, "D"))
