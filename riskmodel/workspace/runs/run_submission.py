"""Submission of runs: new ones, and those that resume another."""

from __future__ import annotations

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
from riskmodel.wording import count
from riskmodel.workspace.queue.job_queue import JobQueue
from riskmodel.workspace.runs.run_record import CHECKPOINT_FILE, NETWORKS_FOLDER, RunRecord
from riskmodel.workspace.runs.run_repository import RunRepository
from riskmodel.workspace.runs.tags import clean_tags, write_tags
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.storage.files import make_folder


class RunSubmission:
    """Puts runs in the queue.

    Args:
        queue: of runs.
        runs: the same runs.
    """

    def __init__(self, queue: JobQueue[RunRecord], runs: RunRepository) -> None:
        self._queue = queue
        self._runs = runs

    def submit(
        self,
        dataset_id: str,
        config: RunConfig,
        name: str = "",
        device: str = "auto",
        tags: Sequence[str] = (),
    ) -> RunRecord:
        """Put a run in the queue. It starts once a supervisor is running (`riskmodel.jobs.supervisor`).

        Args:
            dataset_id: of a dataset of this workspace.
            config: configuration of the run.
            name: empty: the dataset's name and a number.
            device: ``"auto"``, ``"cpu"`` or ``"gpu"``.
            tags: for filtering.

        Raises:
            ConfigError: no such device.
            WorkspaceError: no such dataset, a tag is too long, or no space left.
        """
        own = {"tags": write_tags(clean_tags(tags)), "has_model": False}
        return self._queue.submit(dataset_id, name, device, config.to_json(), own)

    def continue_run(self, run_id: str, epochs: int | None = None, name: str = "", device: str = "") -> RunRecord:
        """Submit a run that resumes the training of an ended run.

        The new run starts from the other's curves, weights, optimizer and RNG state, so that the result equals
        training all epochs at once. The other run and its model are unchanged.

        A run of one network is trained for further epochs. Exhausted patience is reset. A learning rate that
        follows a schedule over all epochs (cosine, four cycles) continues as in a run of all epochs.

        A failed run of several networks is completed: trained networks are reused, the others
        resume from their last checkpoint.

        Args:
            run_id: of a run of one network that has finished, was stopped, or failed after a checkpoint, from which it
                resumes; or of a run of several networks that failed after one of them was saved.
            epochs: additional epochs, at least 1; None: the remaining requested epochs, which is the
                only option for several networks. A failed run may have none left: then only its model is made.
            name: of the new run; empty: the other's name and the added epochs.
            device: ``"auto"``, ``"cpu"`` or ``"gpu"``; empty: as requested for the other run.

        Raises:
            ConfigError: no such device, or an invalid number of epochs.
            TrainingError: the checkpoint is damaged.
            WorkspaceError: the run cannot be resumed (with the reason), or the id is unknown.
        """
        run = self._runs.get(run_id)
        if run.why_not_continue:
            raise WorkspaceError(run.why_not_continue)
        if run.config.ensemble.is_single:
            return self._continue_single(run, epochs, name, device)
        if epochs is not None:
            raise ConfigError(
                f"{run.id} trains several networks, each for the requested epochs. Continue it without a "
                "number of epochs."
            )
        history = MemberFiles(run.folder / NETWORKS_FOLDER).history
        return self._put_continued(run, run.config, history, name.strip() or f"{run.name}, continued", device)

    def _continue_single(self, run: RunRecord, epochs: int | None, name: str, device: str) -> RunRecord:
        # The checkpoint of a failed run may be some epochs older or newer than the reported epochs.
        history = Checkpoint.read(run.folder / CHECKPOINT_FILE).history
        before = self._runs.epochs(run.id) if run.model_folder is not None else list(history)
        more = run.config.training.epochs - len(before) if epochs is None else epochs
        if more < 1 and (epochs is not None or run.model_folder is not None):
            received = "all of its epochs are trained" if epochs is None else f"received {epochs}"
            raise ConfigError(f"A run is continued for at least 1 epoch; {received}. Set the number of epochs to add.")
        values = run.config.model_dump(mode="json")
        values["training"]["epochs"] = len(before) + more
        name = name.strip() or _longer_name(run.name, more)
        return self._put_continued(run, RunConfig.from_dict(values), before, name, device)

    def _put_continued(
        self, run: RunRecord, config: RunConfig, before: Sequence[EpochResult], name: str, device: str
    ) -> RunRecord:
        own = {"tags": write_tags(run.tags), "has_model": False, "continues": run.id}
        total = config.training.epochs if config.ensemble.is_single else None

        def add_epochs(connection: sa.Connection, new_id: str) -> None:
            rows = [(epoch.place, replace(epoch, num_epochs=total or epoch.num_epochs).to_dict()) for epoch in before]
            if rows:
                connection.execute(
                    sa.insert(db.epochs),
                    [{"run_id": new_id, "epoch": epoch, "result": json.dumps(result)} for epoch, result in rows],
                )

        return self._queue.submit(
            run.dataset_id,
            name,
            device or run.device_requested,
            config.to_json(),
            own,
            fill=lambda folder: _share_files(run.folder, folder),
            add_rows=add_epochs,
        )


_ADDED = re.compile(r" \+ (\d+) epochs?$")


def _longer_name(name: str, epochs: int) -> str:
    """``first`` → ``first + 5 epochs`` → ``first + 10 epochs``; ``first, continued`` without further epochs."""
    if not epochs:
        return f"{name}, continued"
    found = _ADDED.search(name)
    added = epochs + (int(found[1]) if found else 0)
    return f"{_ADDED.sub('', name)} + {count(added, 'epoch')}"


def _share_files(source: Path, target: Path) -> None:
    """Link the files for resuming into the new run's folder."""
    if (source / CHECKPOINT_FILE).is_file():
        _share_file(source / CHECKPOINT_FILE, target / CHECKPOINT_FILE)
    for path in (source / NETWORKS_FOLDER).glob("[!.]*"):
        _share_file(path, make_folder(target / NETWORKS_FOLDER) / path.name)


def _share_file(source: Path, target: Path) -> None:
    """Hard-link a file if the file system supports it: the file is replaced, never modified."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        target.chmod(0o600)
