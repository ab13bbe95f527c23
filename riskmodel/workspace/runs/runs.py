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
from riskmodel.training.ensembles.member_files import MemberFiles
from riskmodel.training.fitting.checkpoint import Checkpoint
from riskmodel.training.progress import EpochResult
from riskmodel.workspace.runs.run_record import CHECKPOINT_FILE, NETWORKS_FOLDER, RunRecord, check_run_id
from riskmodel.workspace.runs.run_shelf import RunShelf, clean_tags
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.storage.files import make_folder

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

    def continue_run(self, run_id: str, epochs: int | None = None, name: str = "", device: str = "") -> RunRecord:
        """Put a run in the queue that continues the training of one that has ended.

        The new run begins with the other one's curves, weights, optimizer and random numbers, so that it comes to what
        training all epochs at once would have come to. The other run and its model stay as they are, whatever becomes
        of this one.

        A run of one network is trained for further epochs. Patience that had run out begins anew. A learning rate that
        follows a schedule over all epochs (cosine, four cycles) continues as in a run of all these epochs together.

        A run of several networks that failed is trained to its end: networks that are trained are taken over, the
        others continue from where they were last saved.

        Args:
            run_id: of a run of one network that has finished, was stopped, or failed after a checkpoint, from which it
                is continued; or of a run of several networks that failed after one of them was saved.
            epochs: how many more, at least 1; None: those that are left of the epochs that were asked for, which is the
                only choice for several networks.
            name: what to call the new run; empty: the other's name and how many epochs were added.
            device: ``"auto"``, ``"cpu"`` or ``"gpu"``; empty: as was asked for the other one.

        Raises:
            ConfigError: no such device, or a number of epochs that cannot be.
            TrainingError: what was saved of the training is damaged.
            WorkspaceError: the run cannot be continued, in words that say why, or the id is not one of ours.
        """
        run = self.get(run_id)
        if run.why_not_continue:
            raise WorkspaceError(run.why_not_continue)
        if run.config.ensemble.is_single:
            return self._continue_single(run, epochs, name, device)
        if epochs is not None:
            raise ConfigError(
                f"{run.id} trains several networks, each for as many epochs as were asked for. Continue it without a "
                "number of epochs."
            )
        history = MemberFiles(run.folder / NETWORKS_FOLDER).history
        return self._put_continued(run, run.config, history, name.strip() or f"{run.name}, continued", device)

    def _continue_single(self, run: RunRecord, epochs: int | None, name: str, device: str) -> RunRecord:
        # Of a run that failed, a checkpoint may be some epochs older or newer than what was reported.
        history = Checkpoint.read(run.folder / CHECKPOINT_FILE).history
        before = self.epochs(run.id) if run.model_folder is not None else builtins.list(history)
        more = run.config.training.epochs - len(before) if epochs is None else epochs
        if more < 1:
            received = "all of its epochs are trained" if epochs is None else f"received {epochs}"
            raise ConfigError(f"A run is continued for at least 1 epoch; {received}. Say how many epochs to add.")
        values = run.config.model_dump(mode="json")
        values["training"]["epochs"] = len(before) + more
        name = name.strip() or _longer_name(run.name, more)
        return self._put_continued(run, RunConfig.from_dict(values), before, name, device)

    def _put_continued(
        self, run: RunRecord, config: RunConfig, before: Sequence[EpochResult], name: str, device: str
    ) -> RunRecord:
        own = {"tags": json.dumps(list(run.tags), ensure_ascii=False), "has_model": False, "continues": run.id}
        total = config.training.epochs if config.ensemble.is_single else None

        def add_epochs(connection: sa.Connection, new_id: str) -> None:
            rows = [(each.place, replace(each, num_epochs=total or each.num_epochs).to_dict()) for each in before]
            if rows:
                connection.execute(
                    sa.insert(db.epochs),
                    [{"run_id": new_id, "epoch": epoch, "result": json.dumps(result)} for epoch, result in rows],
                )

        new_id = self._put(
            run.dataset_id,
            name,
            device or run.device_requested,
            config.to_json(),
            own,
            fill=lambda folder: _share_files(run.folder, folder),
            add_rows=add_epochs,
        )
        return self.get(new_id)

    def epochs(self, run_id: str, after: int = 0) -> builtins.list[EpochResult]:
        """The epochs of a run at places after ``after`` (1-based, see `EpochResult.place`), in order."""
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


def _share_files(source: Path, target: Path) -> None:
    """What continuing a run takes, for the run that continues it."""
    if (source / CHECKPOINT_FILE).is_file():
        _share_file(source / CHECKPOINT_FILE, target / CHECKPOINT_FILE)
    for path in (source / NETWORKS_FOLDER).glob("[!.]*"):
        _share_file(path, make_folder(target / NETWORKS_FOLDER) / path.name)


def _share_file(source: Path, target: Path) -> None:
    """The same file under a second name, where the file system has that: nobody writes into it, only in its place."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        target.chmod(0o600)
