"""Names of an ensemble's networks: recipe, fold and seed."""

from __future__ import annotations

from typing import NamedTuple, Self

from riskmodel.config.network import ARCHITECTURES
from riskmodel.config.run import RunConfig


class NetworkName(NamedTuple):
    """Positions of a network's recipe, fold and seed in its run, all 0-based.

    Example:
        >>> str(NetworkName(2, 0, 1)), NetworkName.parse("2-0-1").recipe
        ('2-0-1', 2)
    """

    recipe: int
    fold: int
    seed: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """The name whose `str` is ``text``."""
        return cls(*(int(part) for part in text.split("-")))

    def __str__(self) -> str:
        return "-".join(map(str, self))

    def describe(self, config: RunConfig) -> str:
        """``TabM 2, fold 1, seed 3``: only the parts of which the run has several."""
        parts = [recipe_title(config, self.recipe)]
        if config.ensemble.folds:
            parts.append(f"fold {self.fold + 1}")
        if config.ensemble.seeds > 1:
            parts.append(f"seed {self.seed + 1}")
        return ", ".join(parts)


def recipe_title(config: RunConfig, recipe: int) -> str:
    """The architecture, numbered if several recipes of the run have the same one.

    Args:
        recipe: Position in ``config.recipes``.
    """
    architectures = [network.architecture for network in config.networks]
    own = architectures[recipe]
    number = f" {architectures[: recipe + 1].count(own)}" if architectures.count(own) > 1 else ""
    return f"{ARCHITECTURES[own]}{number}"
