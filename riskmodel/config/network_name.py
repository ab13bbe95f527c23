"""Names of an ensemble's networks: learner, fold and seed."""

from __future__ import annotations

from typing import NamedTuple, Self

from riskmodel.config.network import ARCHITECTURES
from riskmodel.config.run import RunConfig


class NetworkName(NamedTuple):
    """Positions of a network's learner, fold and seed in its run, all 0-based.

    Example:
        >>> str(NetworkName(2, 0, 1)), NetworkName.parse("2-0-1").learner
        ('2-0-1', 2)
    """

    learner: int
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
        parts = [learner_title(config, self.learner)]
        if config.ensemble.folds:
            parts.append(f"fold {self.fold + 1}")
        if config.ensemble.seeds > 1:
            parts.append(f"seed {self.seed + 1}")
        return ", ".join(parts)


def learner_title(config: RunConfig, learner: int) -> str:
    """The architecture, numbered if several learners of the run have the same one.

    Args:
        learner: Position in ``config.learners``.
    """
    architectures = [network.architecture for network in config.networks]
    own = architectures[learner]
    number = f" {architectures[: learner + 1].count(own)}" if architectures.count(own) > 1 else ""
    return f"{ARCHITECTURES[own]}{number}"
