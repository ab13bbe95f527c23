"""Predictive strength of every single column: information value and univariate AUC."""

from __future__ import annotations

import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.evaluation.intervals import NORMAL_QUANTILE
from riskmodel.tables.arrow import Cells, as_numpy, pc
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.evidence.special_texts import hide_special_codes

MAX_PER_OUTCOME = 50_000
"""Most bad and most good customers that are used."""
NUM_BINS = 10
MAX_LEVELS = 20
"""Most categories with a bin of their own."""
SMOOTHING = 0.5
"""Added to the bad and to the good customers of each bin of the information value."""
MIN_LEVEL_CUSTOMERS = 50
"""Fewest customers of a category with a bin of its own."""
PRIOR_CUSTOMERS = 20
"""Weight of the overall bad rate, in customers, in the bad rate of a category."""
NUM_FOLDS = 5
_SHARED_TRAINING = 1 + NUM_FOLDS / (NUM_FOLDS - 1)
"""Factor of the variance of a mean over folds that share training customers."""

_SEED = 20251
_Counts = npt.NDArray[np.float64]
_Parts = tuple[float, float, float]


@dataclass(frozen=True)
class ColumnStrength:
    """Relation of one column to the outcome.

    Attributes:
        iv: Information value, at least 0: below .02 not predictive, .1 to .3 medium, above .5 suspiciously strong.
        auc: Area under the ROC curve with the column as the only score.
        auc_low, auc_high: Its 95% interval by DeLong, clipped to [0, 1].
        is_rising: For numbers and dates, whether the risk rises with the value; None for categories.
    """

    iv: float
    auc: float
    auc_low: float
    auc_high: float
    is_rising: bool | None = None


@dataclass(frozen=True)
class Univariate:
    """Predictive strength of the inputs of a dataset.

    Attributes:
        columns: By name; only inputs with at least one value. Empty without good and bad customers.
        num_bads, num_goods: Customers used.
        sampled: Description of the sample; empty if all labeled customers were used.
    """

    columns: Mapping[str, ColumnStrength] = field(default_factory=dict)
    num_bads: int = 0
    num_goods: int = 0
    sampled: str = ""


def compute_univariate(dataset: Dataset) -> Univariate:
    """Information value and univariate AUC of every input, from at most 50,000 bad and 50,000 good customers.

    Both statistics compare the distributions of good and bad customers, so drawing the two separately leaves them
    unchanged. The sample is the same each time.

    **Information value.** The sum over bins of (g − b) · ln(g / b), where g and b are the shares of all good and of all
    bad customers in the bin, each computed with half a customer added. Bins: ten quantile bins of numbers and dates, or
    the values themselves where they are at most ten; the twenty most frequent of the categories with at least 50
    customers, and one bin for the rest; missing cells and special codes together are a bin. Source: Siddiqi, Credit
    Risk Scorecards (2006), chapter 6.

    **AUC of numbers and dates.** The share of pairs of a bad and a good customer in which the bad one has the larger
    value, ties one half; a pair with a missing value also counts one half. If that is below one half, the risk falls
    with the value, and 1 − AUC is returned. The interval is DeLong's.

    **AUC of categories.** Each category, missing being one, is scored by its bad rate among the other four of five
    folds, with twenty customers of the overall bad rate added; pairs are compared within a fold. A column of many
    random categories therefore has an AUC of about one half. The mean of the folds is returned; its variance is
    corrected for folds that share training customers (Nadeau and Bengio, Machine Learning 52 (2003), 239–281), which
    is conservative for columns of few categories.

    Example:
        >>> import pandas as pd
        >>> from riskmodel.tables.schema.schema import Column, Schema
        >>> frame = pd.DataFrame({"fee": [1, 2, 3, 4], "bad": [0, 1, 0, 1]}).astype(str)
        >>> kinds = (Column(name="fee", kind="numerical"), Column(name="bad", kind="target"))
        >>> found = compute_univariate(Dataset.from_frame(frame, Schema(columns=kinds, bad_values=("1",))))
        >>> found.columns["fee"].auc, found.columns["fee"].is_rising
        (0.75, True)
    """
    bad = dataset.bad() if dataset.schema.has_outcome else np.full(dataset.num_rows, -1, np.int8)
    totals = [int(np.count_nonzero(bad == outcome)) for outcome in (0, 1)]
    if not all(totals):
        return Univariate()
    chosen = _draw(bad)
    table = hide_special_codes(dataset.table, dataset.schema).select(list(dataset.schema.inputs))
    is_bad = bad[chosen] == 1
    if len(is_bad) < len(bad):
        table = table.filter(pa.array(chosen))
    folds = _assign_folds(is_bad)
    names = [name for name in table.column_names if table[name].null_count < len(is_bad)]

    def measure(name: str) -> ColumnStrength:
        cells = table[name]
        return _measure_levels(cells, is_bad, folds) if pa.types.is_string(cells.type) else _measure(cells, is_bad)

    with ThreadPoolExecutor(max_workers=4) as pool:
        columns = dict(zip(names, pool.map(measure, names), strict=True))
    num_bads = int(np.count_nonzero(is_bad))
    num_goods = len(is_bad) - num_bads
    sampled = ""
    if len(is_bad) < sum(totals):
        sampled = f"IV and AUC are computed from {num_bads:,} bad and {num_goods:,} good customers, drawn at random."
    return Univariate(columns, num_bads, num_goods, sampled)


def _draw(bad: npt.NDArray[np.int8]) -> npt.NDArray[np.bool_]:
    """The customers used, (n,) bool."""
    generator = np.random.default_rng(_SEED)
    chosen = np.zeros(len(bad), np.bool_)
    for outcome in (0, 1):
        rows = np.flatnonzero(bad == outcome)
        chosen[rows if len(rows) <= MAX_PER_OUTCOME else generator.choice(rows, MAX_PER_OUTCOME, False)] = True
    return chosen


def _assign_folds(is_bad: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Fold of each customer, (n,), each fold with nearly equal numbers of good and of bad ones."""
    generator, folds = np.random.default_rng(_SEED), np.empty(len(is_bad), np.int64)
    for outcome in (False, True):
        rows = np.flatnonzero(is_bad == outcome)
        folds[generator.permutation(rows)] = np.arange(len(rows)) % NUM_FOLDS
    return folds


def _measure(cells: Cells, is_bad: npt.NDArray[np.bool_]) -> ColumnStrength:
    """Strength of numbers or dates."""
    if pa.types.is_date(cells.type):
        cells = pc.cast(pc.cast(cells, pa.int32()), pa.float64())
    present: npt.NDArray[np.bool_] = as_numpy(pc.is_valid(cells))
    values: npt.NDArray[np.float64] = as_numpy(cells.drop_null())
    outcomes = is_bad if present.all() else is_bad[present]
    order = np.argsort(values)
    ordered = values[order]
    ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], True))
    bads = np.diff(np.cumsum(outcomes[order])[ends], prepend=0).astype(np.float64)
    goods = np.diff(ends, prepend=-1) - bads
    missing_bads = float(np.count_nonzero(is_bad) - np.count_nonzero(outcomes))
    missing_goods = float(len(is_bad) - len(outcomes)) - missing_bads
    area, low, high = _interval(*_auc_and_variance(bads, goods, missing_bads, missing_goods))
    rising = area >= 0.5
    if not rising:
        area, low, high = 1 - area, 1 - high, 1 - low
    bins = _quantile_bins(bads + goods)
    binned_bads = np.append(_sum(bins, bads), missing_bads)
    binned_goods = np.append(_sum(bins, goods), missing_goods)
    return ColumnStrength(_information_value(binned_bads, binned_goods), area, low, high, rising)


def _quantile_bins(counts: _Counts) -> npt.NDArray[np.int64]:
    """Bin of each distinct value, ascending; equal values share one."""
    if len(counts) <= NUM_BINS:
        return np.arange(len(counts))
    middles = np.cumsum(counts) - counts / 2
    return np.asarray(np.minimum(middles / counts.sum() * NUM_BINS, NUM_BINS - 1), np.int64)


def _measure_levels(cells: Cells, is_bad: npt.NDArray[np.bool_], folds: npt.NDArray[np.int64]) -> ColumnStrength:
    """Strength of categories."""
    levels = pc.unique(cells)  # includes null
    codes: npt.NDArray[np.int64] = as_numpy(pc.cast(pc.index_in(cells, value_set=levels), pa.int64()))
    places, size = codes * NUM_FOLDS + folds, len(levels) * NUM_FOLDS
    bads = np.bincount(places[is_bad], minlength=size).reshape(-1, NUM_FOLDS).astype(np.float64)
    goods = np.bincount(places[~is_bad], minlength=size).reshape(-1, NUM_FOLDS).astype(np.float64)
    area, low, high = _cross_fitted_auc(bads, goods)
    missing = np.asarray(pc.is_null(levels), np.bool_)
    counts = (bads + goods).sum(axis=1)
    order = np.argsort(-np.where(missing, np.inf, counts), kind="stable")
    num_own = min(MAX_LEVELS + int(missing.any()), int(np.count_nonzero(missing | (counts >= MIN_LEVEL_CUSTOMERS))))
    bins = np.empty(len(levels), np.int64)
    bins[order] = np.minimum(np.arange(len(levels)), num_own)
    together = [_sum(bins, part.sum(axis=1)) for part in (bads, goods)]
    return ColumnStrength(_information_value(*together), area, low, high)


def _cross_fitted_auc(bads: _Counts, goods: _Counts) -> _Parts:
    """Mean AUC of the folds with its interval; counts are (levels, folds)."""
    prior = bads.sum() / (bads.sum() + goods.sum())
    areas, variances = [], []
    for fold in range(NUM_FOLDS):
        others_bad = bads.sum(axis=1) - bads[:, fold]
        others = others_bad + goods.sum(axis=1) - goods[:, fold]
        rates = np.round((others_bad + PRIOR_CUSTOMERS * prior) / (others + PRIOR_CUSTOMERS), 12)
        _, groups = np.unique(rates, return_inverse=True)
        area, variance = _auc_and_variance(_sum(groups, bads[:, fold]), _sum(groups, goods[:, fold]), 0.0, 0.0)
        areas.append(area)
        variances.append(variance)
    known = np.isfinite(areas)
    if not known.any():
        return 0.5, 0.0, 1.0
    variance = float(np.sum(np.array(variances)[known])) / int(known.sum()) ** 2
    return _interval(float(np.mean(np.array(areas)[known])), variance * _SHARED_TRAINING)


def _sum(places: npt.NDArray[np.int64], counts: _Counts) -> _Counts:
    """The counts summed by place."""
    return np.asarray(np.bincount(places, weights=counts), np.float64)


def _interval(area: float, variance: float) -> _Parts:
    """The area with its 95% interval; [0, 1] where the variance is unknown."""
    if not math.isfinite(variance):
        return area, 0.0, 1.0
    half = NORMAL_QUANTILE * math.sqrt(variance)
    return area, max(0.0, area - half), min(1.0, area + half)


def _auc_and_variance(bads: _Counts, goods: _Counts, missing_bads: float, missing_goods: float) -> tuple[float, float]:
    """AUC and DeLong's variance from the counts of each distinct value, ascending.

    Args:
        bads, goods: (k,) customers with each value.
        missing_bads, missing_goods: Customers without one; each of their pairs counts one half.

    Returns:
        NaN and infinity without a bad or a good customer; infinite variance with only one of either.
    """
    num_bads, num_goods = bads.sum() + missing_bads, goods.sum() + missing_goods
    if num_bads == 0 or num_goods == 0:
        return math.nan, math.inf
    # Structural components: of a bad customer the share of good ones below it, of a good one that of bad ones above it.
    of_bads = (np.cumsum(goods) - goods / 2 + missing_goods / 2) / num_goods
    of_goods = (bads.sum() - np.cumsum(bads) + bads / 2 + missing_bads / 2) / num_bads
    area = float((bads @ of_bads + missing_bads / 2) / num_bads)
    if min(num_bads, num_goods) < 2:
        return area, math.inf
    spread_bads = bads @ (of_bads - area) ** 2 + missing_bads * (0.5 - area) ** 2
    spread_goods = goods @ (of_goods - area) ** 2 + missing_goods * (0.5 - area) ** 2
    variance = spread_bads / (num_bads - 1) / num_bads + spread_goods / (num_goods - 1) / num_goods
    return area, float(variance)


def _information_value(bads: _Counts, goods: _Counts) -> float:
    """Information value of the bins that hold customers; counts are (k,)."""
    filled = bads + goods > 0
    bads, goods = bads[filled] + SMOOTHING, goods[filled] + SMOOTHING
    share_bads, share_goods = bads / bads.sum(), goods / goods.sum()
    return float(np.sum((share_goods - share_bads) * np.log(share_goods / share_bads)))
