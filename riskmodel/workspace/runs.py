"""The runs: what was asked for, what is being trained, what came of it."""

from __future__ import annotations

import builtins
import json
from collections.abc import Sequence

import sqlalchemy as sa

from riskmodel.config.run import RunConfig
from riskmodel.training.progress import EpochResult
from riskmodel.workspace import database as db
from riskmodel.workspace.run_record import RunRecord, check_run_id
from riskmodel.workspace.run_shelf import RunShelf, clean_tags

__all__ = ["RunRecord", "Runs"]


class Runs(RunShelf):
    """The workspace's runs: the analyst's side. Runs wait in the order of their submission, one is trained at a time.

    Example:
        >>> run = workspace.runs.submit(dataset.id, preset("mission"))  # doctest: +SKIP
        >>> workspace.runs.get(run.id).state  # doctest: +SKIP
        'queued'
    """

    def submit(
        self,
        dataset_id: str,
        config: RunConfig,
        name: str = "",
        device: str = "auto",
        tags: Sequence[str] = (),
    ) -> RunRecord:
        """Put a run in the queue. It begins once a supervisor is there (`riskmodel.jobs.supervisor`).

        Args:
            dataset_id: of a dataset of this workspace.
            config: every choice of the run.
            name: what to call it; empty: the dataset's name and a number.
            device: ``"auto"``, ``"cpu"`` or ``"gpu"``.
            tags: words to find it by.

        Raises:
            ConfigError: no such device.
            WorkspaceError: no such dataset, a tag is too long, or no space left.
        """
        own = {"tags": json.dumps(clean_tags(tags), ensure_ascii=False), "has_model": False}
        return self.get(self._put(dataset_id, name, device, config.to_json(), **own))

    def epochs(self, run_id: str, after: int = 0) -> builtins.list[EpochResult]:
        """The epochs of a run that come after epoch ``after`` (1-based), in order."""
        newer = sa.select(db.epochs.c.result).where(
            db.epochs.c.run_id == check_run_id(run_id), db.epochs.c.epoch > after
        )
        with self._database.reading() as connection:
            results = connection.scalars(newer.order_by(db.epochs.c.epoch)).all()
        return [EpochResult.from_dict(json.loads(result)) for result in results]
