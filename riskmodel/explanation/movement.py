"""Explanation of score changes between two models."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from riskmodel.explanation.replacement import Contributions, Values


@dataclass(frozen=True, eq=False)
class Movement:
    """The change of the log-odds of n customers, challenger − champion, and its parts.

    For each customer ``change = level + Σ reasons + rest``.

    Attributes:
        columns: of either model, c of them; those of the champion first.
        change: (n,) float64.
        reasons: (n, c) difference of each column's contribution; a column that a model does not use adds 0 in it.
        level: difference of the models' mean log-odds, common to all customers.
        rest: (n,) interactions between columns.
    """

    columns: tuple[str, ...]
    change: Values
    reasons: Values
    level: float
    rest: Values

    def strongest(self, customer: int, max_columns: int = 3) -> list[tuple[str, float]]:
        """The columns with the largest share in a customer's change, largest first."""
        shares = self.reasons[customer]
        places = np.argsort(-np.abs(shares), kind="stable")[:max_columns]
        return [(self.columns[place], float(shares[place])) for place in places if shares[place] != 0.0]


def explain_movement(champion: Contributions, challenger: Contributions) -> Movement:
    """The differences of two models' contributions for the same customers and the same background.

    Example:
        >>> before = Contributions(("income",), np.array([[0.5]]), np.array([-1.0]), -1.5)
        >>> after = Contributions(("income", "debt"), np.array([[0.2, 0.9]]), np.array([-0.3]), -1.4)
        >>> explain_movement(before, after).strongest(0)
        [('debt', 0.9), ('income', -0.3)]
    """
    columns = tuple(dict.fromkeys([*champion.columns, *challenger.columns]))
    reasons = _spread(challenger, columns) - _spread(champion, columns)
    change = challenger.log_odds - champion.log_odds
    level = challenger.base - champion.base
    return Movement(columns, change, reasons, level, change - level - reasons.sum(axis=1))


def _spread(contributions: Contributions, columns: tuple[str, ...]) -> Values:
    values = np.zeros((len(contributions.log_odds), len(columns)))
    values[:, [columns.index(name) for name in contributions.columns]] = contributions.values
    return values
