"""Patterns of target leakage: a copy of the target, or a value that only one outcome has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.tables.checks.leaks.column_values import ColumnValues
from riskmodel.wording import listed, percentage

COPIED = 0.99
"""Smallest share of the bad and of the good customers that a copy of the target classifies correctly."""
FEW_LEVELS = 6
USUAL = 0.998
"""Smallest share of one outcome with the usual value, where the other outcome often has another one."""
UNLIKE = 50.0
"""Smallest ratio of the shares of other values between the outcomes."""
LEAK_ELSEWHERE = 0.2
SEEN_ELSEWHERE = 0.05
MIN_EXPECTED = 25.0
"""Smallest number of other values expected under equal distributions; by chance none occurs with probability e^-25."""


@dataclass(frozen=True)
class OneSided:
    """A value (or missing) that (nearly) all customers of one outcome have, and many of the other lack.

    Attributes:
        value: The value for display, or "missing".
        is_missing: True if the value is a missing cell.
        filled_for_bad: True if the bad customers have the other values.
        share_here: Share that has the value among customers of the outcome that (nearly) always has it.
        share_elsewhere: Share that has another value among the other customers, in [0, 1].
        is_leak: True if the difference is too large for a trait of the customers.
    """

    value: str
    is_missing: bool
    filled_for_bad: bool
    share_here: float
    share_elsewhere: float
    is_leak: bool

    def describe(self, name: str) -> str:
        """The pattern in one sentence."""
        others, here = ("bad", "good") if self.filled_for_bad else ("good", "bad")
        if self.is_missing:
            return (
                f"'{name}' is filled for {percentage(self.share_elsewhere)} of the {others} customers and for "
                f"{percentage(1 - self.share_here)} of the {here} ones."
            )
        return (
            f"'{name}' is {self.value} for {percentage(self.share_here)} of the {here} customers and something else "
            "for "
            f"{percentage(self.share_elsewhere)} of the {others} ones."
        )


def find_one_sided(column: ColumnValues, codes: npt.NDArray[np.int64], bad: npt.NDArray[np.integer]) -> OneSided | None:
    """The usual value of one outcome, if the other outcome often has another one.

    Either nearly all of one outcome have it (99.8%) and other values are fifty times as frequent in the other outcome,
    or the indicator of this value alone has an AUC of 0.95.

    Args:
        column: (n,) values.
        codes: (n,) categories or bins, 0 for missing.
        bad: (n,) 1 bad, 0 good.
    """
    for filled_for_bad in (True, False):
        here, there = (0, 1) if filled_for_bad else (1, 0)
        usual = int(np.bincount(codes[bad == here]).argmax())
        values = column.values[(codes == usual) & (bad == here)]
        if usual != 0 and values.min() != values.max():
            continue  # a bin of numbers is not a single value
        equal = codes == usual
        same, other = float(equal[bad == here].mean()), 1 - float(equal[bad == there].mean())
        num_here = int(np.count_nonzero(bad == here))
        clear = same + other - 1 >= 0.9
        strict = same >= USUAL and other >= UNLIKE * (1 - same) and other >= SEEN_ELSEWHERE
        if (clear or strict) and other * num_here >= MIN_EXPECTED:
            what = "missing" if usual == 0 else column.describe(float(values[0]))
            return OneSided(what, usual == 0, filled_for_bad, same, other, clear or other >= LEAK_ELSEWHERE)
    return None


def find_copy(
    column: ColumnValues,
    codes: npt.NDArray[np.int64],
    bad: npt.NDArray[np.integer],
    halves: npt.NDArray[np.bool_],
) -> str | None:
    """Meaning of the few values of a column where they classify 99% of both outcomes correctly; else None.

    The meaning of a value is learned in one half of the rows and tested on the other, in both directions. Both outcomes
    have equal weight, so a column does not count as a copy merely because bad customers are rare.
    """
    present = np.unique(codes)
    if len(present) > FEW_LEVELS or len(present) < 2:
        return None
    for learned in (halves, ~halves):
        means_bad = _stand_for_bad(codes[learned], bad[learned], int(codes.max()) + 1)
        right = means_bad[codes[~learned]] == (bad[~learned] == 1)
        if min(right[bad[~learned] == outcome].mean() for outcome in (0, 1)) < COPIED:
            return None
    means_bad = _stand_for_bad(codes, bad, int(codes.max()) + 1)
    values: dict[bool, list[str]] = {True: [], False: []}
    for code in present:
        row = int(np.flatnonzero(codes == code)[0])
        values[bool(means_bad[code])].append("missing" if code == 0 else column.describe(float(column.values[row])))
    return f"{listed(values[True], final='or')} means bad and {listed(values[False], final='or')} good"


def _stand_for_bad(codes: npt.NDArray[np.int64], bad: npt.NDArray[np.integer], size: int) -> npt.NDArray[np.bool_]:
    """True for each code that indicates bad: its share among the bad is larger than among the good."""
    of_bad, of_good = (np.bincount(codes[bad == outcome], minlength=size) for outcome in (1, 0))
    stands_for_bad: npt.NDArray[np.bool_] = of_bad * of_good.sum() > of_good * of_bad.sum()
    return stands_for_bad
