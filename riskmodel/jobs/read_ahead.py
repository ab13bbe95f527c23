"""Dataset preloaded by a waiting trainer."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from riskmodel.errors import RiskModelError
from riskmodel.tables.dataset import Dataset
from riskmodel.workspace.workspace import Workspace

MAX_ROWS = 200_000
"""Maximum rows to preload; for more, reading is a small part of the training."""


@dataclass(frozen=True)
class ReadAhead:
    """Holds at most one dataset.

    Attributes:
        dataset_id: id of the dataset; None without one.
        dataset: its rows. A dataset never changes, so they stay valid.
    """

    dataset_id: str | None = None
    dataset: Dataset | None = None

    @classmethod
    def of(cls, workspace: Workspace) -> ReadAhead:
        """Read the dataset of the most recent draft: most likely that of the next run."""
        # Errors are reported when a run needs the dataset.
        with suppress(RiskModelError):
            dataset_id = workspace.drafts.newest_dataset()
            if dataset_id is not None and workspace.datasets.get(dataset_id).num_rows <= MAX_ROWS:
                return cls(dataset_id, workspace.datasets.load(dataset_id))
        return cls()

    def get(self, dataset_id: str) -> Dataset | None:
        """The dataset if it was preloaded, else None."""
        return self.dataset if dataset_id == self.dataset_id else None


NOTHING_AHEAD = ReadAhead()
