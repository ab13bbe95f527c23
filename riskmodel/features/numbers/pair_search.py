"""Search for ratios and differences that discriminate beyond their columns.

Credit files have amounts that matter in relation to each other: a balance to its limit, a guaranteed part to a loan, a
payment due to a payment made. Networks learn products and quotients poorly, trees in steps. So all pairs of columns are
tested against an additive model of the columns:

1. An additive model of the columns, each in up to 16 bins, is fitted to the outcomes by Newton steps, and gives each
   customer an out-of-fold probability p.
2. Customers are grouped into 16 bins of equal size by the candidate. Without additional information,
   Σ G² / H over the bins (G the sum of outcome less p, H that of p(1 − p)) would be χ²-distributed, with
   one degree of freedom less than bins (the score test of Rao 1948).
3. The candidates with the largest statistic are selected if significant among so many tests, and if they do not
   rank customers like a selected one. They are added to the additive model, and the search continues.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.features.numbers.normal import normal_quantile
from riskmodel.features.numbers.pairs import Pair, PairColumn, PairOperation

FloatArray = npt.NDArray[np.float64]
Bins = npt.NDArray[np.uint8]

MAX_ROWS = 20_000
"""Maximum training customers in the search, sampled at random."""

MAX_COLUMNS = 40
"""Maximum paired columns: the most predictive ones."""

_PER_ROUND = 4
_NUM_BINS = 16
_FOLDS, _MAX_SWEEPS, _STEP, _RIDGE = 4, 20, 0.2, 5.0
_CHANCE, _MAX_CHANCE = 1.0, 0.001
"""Expected false positives per file, and as a share of the candidates."""
_ALIKE = 0.9
"""Rank correlation at which two candidates are redundant."""
_SAME = 0.95
"""Rank correlation at which a candidate is redundant to one of its columns."""


@dataclass(frozen=True)
class PairInput:
    """A candidate column for pairs.

    Attributes:
        column: Its name and special codes.
        values: float64 (n,), its training values, missing NaN; of a date, days since a common date.
        is_date: Dates are only subtracted from each other.
    """

    column: PairColumn
    values: FloatArray
    is_date: bool = False


def choose_pairs(
    numbers: Sequence[PairInput], others: Sequence[FloatArray], bad: npt.NDArray[np.int8], max_pairs: int
) -> list[Pair]:
    """The most informative pairs, at most ``max_pairs``, in order of selection; none if not significant.

    Args:
        numbers: Numerical columns and dates of n training customers, from `draw_rows`.
        others: further inputs, float64 (n,) each: the risk of categories.
        bad: int8 (n,), 1 bad and 0 good.
    """
    search = _Search(numbers, others, bad)
    while len(search.chosen) < max_pairs and search.take_more(min(_PER_ROUND, max_pairs - len(search.chosen))):
        pass
    return search.chosen


class _Search:
    def __init__(self, numbers: Sequence[PairInput], others: Sequence[FloatArray], bad: npt.NDArray[np.int8]) -> None:
        self.bad = bad.astype(np.float64)
        self.numbers = numbers
        self.values = {number.column.name: number.values for number in numbers}
        self.known = [_bin(number.column.clean(number.values.copy())) for number in self.numbers]
        self.known += [_bin(other) for other in others]
        self.model = _AdditiveModel(self.bad)
        self.candidates = self._list_candidates()
        self.bins = [_bin(self._compute(pair)) for pair in self.candidates]
        self.column_ranks = {number.column.name: _standard_ranks(number.values) for number in self.numbers}
        self.chosen: list[Pair] = []
        self.ranks: list[FloatArray] = []

    def _list_candidates(self) -> list[Pair]:
        found: list[Pair] = []
        for a, b in self._list_column_pairs():
            operations: tuple[PairOperation, ...] = ("difference",) if a.is_date else ("ratio", "difference")
            units = {"ratio": _typical_ratio(a.values, b.values), "difference": 1.0}
            found += [
                Pair(operation=operation, first=a.column, second=b.column, unit=units[operation])
                for operation in operations
            ]
        return found

    def _list_column_pairs(self) -> list[tuple[PairInput, PairInput]]:
        residual, weight = self.model.residual()
        scores = [_score(bins, residual, weight) for bins in self.known[: len(self.numbers)]]
        best = sorted(np.argsort(scores, kind="stable")[::-1][:MAX_COLUMNS])
        kept = [self.numbers[i] for i in best]
        return [(a, b) for i, a in enumerate(kept) for b in kept[i + 1 :] if a.is_date == b.is_date]

    def _compute(self, pair: Pair) -> FloatArray:
        return pair.compute(self.values[pair.first.name].copy(), self.values[pair.second.name].copy())

    def take_more(self, max_found: int) -> bool:
        """Fit the additive model and select up to ``max_found`` candidates; False without any."""
        self.model.learn(self.known)
        residual, weight = self.model.residual()
        scores = np.array([_score(bins, residual, weight) for bins in self.bins])
        found = 0
        for number in np.argsort(-scores, kind="stable"):
            if found == max_found or scores[number] < self._threshold:
                break
            pair = self.candidates[number]
            ranks = _standard_ranks(self._compute(pair))
            parents = [self.column_ranks[column.name] for column in (pair.first, pair.second)]
            if _max_correlation(ranks, self.ranks) <= _ALIKE and _max_correlation(ranks, parents) <= _SAME:
                self.chosen.append(pair)
                self.ranks.append(ranks)
                self.known.append(self.bins[number])
                found += 1
        return found > 0

    @property
    def _threshold(self) -> float:
        chance = min(_CHANCE / max(len(self.candidates), 1), _MAX_CHANCE)
        return -float(normal_quantile(np.array([chance]))[0])


class _AdditiveModel:
    """Log-odds as a sum of one step function per column, cross-fitted.

    Residuals are out of fold, so that they are not reduced by overfitting.
    """

    def __init__(self, bad: FloatArray) -> None:
        self.bad = bad
        self.fold = np.random.default_rng(0).permutation(len(bad)) % _FOLDS
        rate = float(np.clip(bad.mean(), 1e-6, 1 - 1e-6))
        self.log_odds = np.full((_FOLDS, len(bad)), np.log(rate / (1 - rate)))

    def residual(self) -> tuple[FloatArray, FloatArray]:
        """Outcome less probability p, and p(1 − p), by the models not fitted on the customer."""
        probability = 1.0 / (1.0 + np.exp(-self.log_odds[self.fold, np.arange(len(self.bad))]))
        return self.bad - probability, probability * (1.0 - probability)

    def learn(self, known: Sequence[Bins]) -> None:
        """Small Newton steps on the columns in turn, until the out-of-fold loss stops improving."""
        loss, best = self._loss(), self.log_odds
        for _ in range(_MAX_SWEEPS):
            self.log_odds = best.copy()
            for fold, log_odds in enumerate(self.log_odds):
                self._sweep(log_odds, known, self.fold != fold)
            if (now := self._loss()) >= loss:
                break
            loss, best = now, self.log_odds
        self.log_odds = best

    def _sweep(self, log_odds: FloatArray, known: Sequence[Bins], learned_from: npt.NDArray[np.bool_]) -> None:
        for bins in known:
            probability = 1.0 / (1.0 + np.exp(-log_odds))
            residual = (self.bad - probability) * learned_from
            weight = probability * (1.0 - probability) * learned_from
            log_odds += (_STEP * np.bincount(bins, residual) / (np.bincount(bins, weight) + _RIDGE))[bins]

    def _loss(self) -> float:
        log_odds = self.log_odds[self.fold, np.arange(len(self.bad))]
        return float(np.mean(np.logaddexp(0.0, log_odds) - self.bad * log_odds))


def _max_correlation(ranks: FloatArray, others: Sequence[FloatArray]) -> float:
    """The largest absolute rank correlation."""
    return max((abs(float(np.mean(ranks * other))) for other in others), default=0.0)


def draw_rows(num_rows: int) -> npt.NDArray[np.int64]:
    """Sampled positions of training customers, ascending."""
    if num_rows <= MAX_ROWS:
        return np.arange(num_rows)
    return np.sort(np.random.default_rng(0).choice(num_rows, MAX_ROWS, replace=False))


def _bin(values: FloatArray) -> Bins:
    """The bin of each value between equally spaced quantiles; missing values have a separate one."""
    missing = np.isnan(values)
    observed = values[~missing]
    if not observed.size:
        return np.zeros(len(values), np.uint8)
    observed.sort()
    edges = np.unique(observed[len(observed) * np.arange(1, _NUM_BINS) // _NUM_BINS])
    return np.where(missing, len(edges) + 1, np.searchsorted(edges, values, side="right")).astype(np.uint8)


def _score(bins: Bins, residual: FloatArray, weight: FloatArray) -> float:
    """Σ G² / H as a standard normal value (Wilson & Hilferty 1931)."""
    sums, weights = np.bincount(bins, residual), np.bincount(bins, weight)
    filled = weights > 1e-9
    freedom = int(filled.sum()) - 1
    if freedom < 1:
        return 0.0
    statistic = float((sums[filled] ** 2 / weights[filled]).sum())
    spread = 2.0 / (9.0 * freedom)
    return float((np.cbrt(statistic / freedom) - (1.0 - spread)) / np.sqrt(spread))


def _typical_ratio(first: FloatArray, second: FloatArray) -> float:
    """Ratio of the typical sizes of b to a; 1 if one is undefined."""
    sizes = [np.abs(values[np.isfinite(values) & (values != 0)]) for values in (first, second)]
    if not all(size.size for size in sizes):
        return 1.0
    first_size, second_size = (float(np.clip(np.median(size), 1e-100, 1e100)) for size in sizes)
    return second_size / first_size


def _standard_ranks(values: FloatArray) -> FloatArray:
    """Ranks, mean 0 and deviation 1; missing values have the middle rank."""
    filled = np.where(np.isnan(values), np.nanmedian(values), values)
    ranks = np.unique(filled, return_inverse=True)[1]
    count = np.bincount(ranks)
    middle = (np.cumsum(count) - count / 2)[ranks]
    centered = middle - middle.mean()
    return np.asarray(centered / (centered.std() or 1.0), np.float64)
