"""The runs: what was asked for, what is being trained, what came of it."""

from __future__ import annotations

import builtins
import json
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError, WorkspaceError
from riskmodel.training.checkpoint import Checkpoint
from riskmodel.training.progress import EpochResult
from riskmodel.workspace import database as db
from riskmodel.workspace.run_record import CHECKPOINT_FILE, RunRecord, check_run_id
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
        return self.get(self._put(dataset_id, name, device, config.to_json(), own))

    def continue_run(self, run_id: str, epochs: int, name: str = "", device: str = "") -> RunRecord:
        """Put a run in the queue that goes on with the training of one that has ended, for further epochs.

        The new run begins with the other one's curves, weights, optimizer and random numbers, so that it comes to what
        training all epochs at once would have come to. The other run and its model stay as they are, whatever becomes
        of this one. Patience that had run out begins anew. A learning rate that follows a schedule over all epochs
        (cosine, four cycles) goes on as in a run of all these epochs together.

        Args:
            run_id: of a run of one network that has finished, was stopped, or failed after a checkpoint; a failed one
                is continued from its checkpoint.
            epochs: how many more, at least 1.
            name: what to call the new run; empty: the other's name and how many epochs were added.
            device: ``"auto"``, ``"cpu"`` or ``"gpu"``; empty: as was asked for the other one.

        Raises:
            ConfigError: no such device, or a number of epochs that cannot be.
            WorkspaceError: the run cannot be continued, in words that say why, or the id is not one of ours.
        """
        run = self.get(run_id)
        if run.why_not_continue:
            raise WorkspaceError(run.why_not_continue)
        if epochs < 1:
            raise ConfigError(f"A run is continued for at least 1 epoch; received {epochs}.")
        before = self.epochs(run_id)
        if run.model_folder is None:  # a checkpoint may be some epochs older or newer than what was reported
            before = builtins.list(Checkpoint.read(run.folder / CHECKPOINT_FILE).history)
        total = len(before) + epochs
        values = run.config.model_dump(mode="json")
        values["training"]["epochs"] = total
        own = {"tags": json.dumps(list(run.tags), ensure_ascii=False), "has_model": False, "continues": run.id}

        def add_epochs(connection: sa.Connection, new_id: str) -> None:
            rows = [(result.epoch, replace(result, num_epochs=total).to_dict()) for result in before]
            connection.execute(
                sa.insert(db.epochs),
                [{"run_id": new_id, "epoch": epoch, "result": json.dumps(result)} for epoch, result in rows],
            )

        new_id = self._put(
            run.dataset_id,
            name.strip() or _longer_name(run.name, epochs),
            device or run.device_requested,
            RunConfig.from_dict(values).to_json(),
            own,
            fill=lambda folder: _share_file(run.folder / CHECKPOINT_FILE, folder / CHECKPOINT_FILE),
            add_rows=add_epochs,
        )
        return self.get(new_id)

    def epochs(self, run_id: str, after: int = 0) -> builtins.list[EpochResult]:
        """The epochs of a run that come after epoch ``after`` (1-based), in order."""
        newer = sa.select(db.epochs.c.result).where(
            db.epochs.c.run_id == check_run_id(run_id), db.epochs.c.epoch > after
        )
        with self._database.reading() as connection:
            results = connection.scalars(newer.order_by(db.epochs.c.epoch)).all()
        return [EpochResult.from_dict(json.loads(result)) for result in results]


_ADDED = re.compile(r" \+ (\d+) epochs?$")


def _longer_name(name: str, epochs: int) -> str:
    """``first`` → ``first + 5 epochs`` → ``first + 10 epochs``."""
    found = _ADDED.search(name)
    added = epochs + (int(found[1]) if found else 0)
    return f"{_ADDED.sub('', name)} + {added} epoch{'' if added == 1 else 's'}"


def _share_file(source: Path, target: Path) -> None:
    """The same file under a second name, where the file system has that: nobody writes into it, only in its place."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        target.chmod(0o600)
