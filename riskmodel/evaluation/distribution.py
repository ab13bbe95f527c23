"""Distribution of probabilities or scores by outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.evaluation.metrics import check_outcomes
from riskmodel.wording import listed


@dataclass(frozen=True, eq=False)
class ScoreDistribution:
    """Customers counted in bins.

    Attributes:
        edges: (m + 1,) float64, ascending; a bin includes its left edge, the last one both.
        good, bad: (m,) int64 counts.
        num_below, num_above: customers beyond the edges, counted in the outermost bins.
    """

    edges: npt.NDArray[np.float64]
    good: npt.NDArray[np.int64]
    bad: npt.NDArray[np.int64]
    num_below: int = 0
    num_above: int = 0


def describe_ends(distributions: Sequence[ScoreDistribution]) -> str:
    """Sentence on the customers beyond the edges, counted in the outermost bins; empty without any.

    Args:
        distributions: One or more, with equal edges.
    """
    below = sum(distribution.num_below for distribution in distributions)
    above = sum(distribution.num_above for distribution in distributions)
    edges = distributions[0].edges
    ends = [f"{below:,} below {edges[0]:,.0f}"] * bool(below) + [f"{above:,} above {edges[-1]:,.0f}"] * bool(above)
    return f"The outermost bins include {listed(ends)}." if ends else ""


def compute_distribution(
    bad: npt.NDArray[np.integer],
    values: npt.NDArray[np.floating],
    edges: npt.NDArray[np.floating] | None = None,
    num_bins: int = 40,
) -> ScoreDistribution:
    """Count n customers in bins; errors as for `compute_metrics`.

    Args:
        bad: (n,) 1 bad, 0 good.
        values: (n,) probabilities or scores.
        edges: ascending edges; None for `num_bins` equal bins from the smallest to the largest value. Values beyond
            the edges are counted in the outermost bins.
    """
    is_bad, numbers = check_outcomes(bad, values)
    if edges is None:
        low, high = numbers.min(), numbers.max()
        edges = np.linspace(low, high if high > low else low + 1.0, num_bins + 1)
    limits = np.asarray(edges, dtype=np.float64)
    inside = np.clip(numbers, limits[0], limits[-1])
    return ScoreDistribution(
        edges=limits,
        good=np.histogram(inside[~is_bad], limits)[0].astype(np.int64),
        bad=np.histogram(inside[is_bad], limits)[0].astype(np.int64),
        num_below=int(np.count_nonzero(numbers < limits[0])),
        num_above=int(np.count_nonzero(numbers > limits[-1])),
    )
