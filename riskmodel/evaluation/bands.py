"""Table of customers and bad rates by score band."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from riskmodel.evaluation.metrics import check_outcomes


@dataclass(frozen=True)
class BandRow:
    """One band; cumulative values are from the safest band to this one.

    Attributes:
        band: letter of the band.
        minimum, maximum: lowest and highest score of its customers, in points.
        count, bads: customers, and bad ones among them.
        bad_rate: bads / count.
        cumulative_count, cumulative_bads, cumulative_bad_rate: of this band and all safer ones.
        share_of_bads: bads of this band among all bads.
    """

    band: str
    minimum: float
    maximum: float
    count: int
    bads: int
    bad_rate: float
    cumulative_count: int
    cumulative_bads: int
    cumulative_bad_rate: float
    share_of_bads: float


@dataclass(frozen=True)
class BandTable:
    """The non-empty bands, safest first."""

    rows: tuple[BandRow, ...]

    @property
    def out_of_order(self) -> tuple[tuple[BandRow, BandRow], ...]:
        """Neighboring bands of which the safer one has the higher bad rate, each with the next one."""
        return tuple((band, riskier) for band, riskier in pairwise(self.rows) if band.bad_rate > riskier.bad_rate)


def compute_band_table(
    bad: npt.NDArray[np.integer], score: npt.NDArray[np.floating], band: Sequence[str] | npt.NDArray[np.str_]
) -> BandTable:
    """Count n customers by band; errors as for `compute_metrics`.

    Args:
        bad: (n,) 1 bad, 0 good.
        score: (n,) points, higher is safer.
        band: (n,) each customer's band, "A" the safest.

    Example:
        >>> table = compute_band_table(np.array([0, 1, 1]), np.array([650.0, 640.0, 500.0]), ["A", "A", "B"])
        >>> [(row.band, row.count, row.bad_rate, row.cumulative_bads) for row in table.rows]
        [('A', 2, 0.5, 1), ('B', 1, 1.0, 2)]
    """
    is_bad, points = check_outcomes(bad, score)
    bands = np.asarray(band)
    num_bads = int(np.count_nonzero(is_bad))
    rows: list[BandRow] = []
    total = total_bads = 0
    for name in np.unique(bands):
        here = bands == name
        count, bads = int(np.count_nonzero(here)), int(np.count_nonzero(here & is_bad))
        total, total_bads = total + count, total_bads + bads
        rows.append(
            BandRow(
                band=str(name),
                minimum=float(points[here].min()),
                maximum=float(points[here].max()),
                count=count,
                bads=bads,
                bad_rate=bads / count,
                cumulative_count=total,
                cumulative_bads=total_bads,
                cumulative_bad_rate=total_bads / total,
                share_of_bads=bads / num_bads,
            )
        )
    return BandTable(tuple(rows))
