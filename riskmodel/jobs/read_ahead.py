"""The customers that a waiting trainer has read before it is told its run."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from riskmodel.errors import RiskModelError
from riskmodel.tables.dataset import Dataset
from riskmodel.workspace.workspace import Workspace

MOST_ROWS = 200_000
"""Of more, reading is a small part of the training, and holding them for a run that may not come is not worth it."""


@dataclass(frozen=True)
class ReadAhead:
    """One dataset at most.

    Attributes:
        dataset_id: which; None where there was none to read.
        dataset: its rows. A dataset never changes, so they are right whenever they are asked for.
    """

    dataset_id: str | None = None
    dataset: Dataset | None = None

    @classmethod
    def of(cls, workspace: Workspace) -> ReadAhead:
        """Read the dataset whose choices were changed last: very likely the next run's."""
        # What goes wrong here is said when a run needs the dataset.
        with suppress(RiskModelError):
            dataset_id = workspace.drafts.newest_dataset()
            if dataset_id is not None and workspace.datasets.get(dataset_id).num_rows <= MOST_ROWS:
                return cls(dataset_id, workspace.datasets.load(dataset_id))
        return cls()

    def get(self, dataset_id: str) -> Dataset | None:
        """The dataset, where it is the one that was read."""
        return self.dataset if dataset_id == self.dataset_id else None


NOTHING_AHEAD = ReadAhead()
