"""One network of an ensemble, before its training."""

from dataclasses import dataclass

from riskmodel.training.fitting.fit import FitSpec


@dataclass(frozen=True, eq=False)
class Member:
    """One network to train.

    Attributes:
        learner: Position of its learner in the run.
        spec: The network and its training; its customers are rows of arrays that members share.
        cost: Training cost per row, in a unit shared by all members.
        name: Its `riskmodel.config.network_name.NetworkName` as text; unique within the run.
        title: Display name.
    """

    learner: int
    spec: FitSpec
    cost: float = 1.0
    name: str = ""
    title: str = ""

    @property
    def work(self) -> float:
        """Rows to train in all epochs, times the cost."""
        return self.cost * self.spec.config.epochs * self.spec.train.num_rows
