"""The runs: what was asked for, what is being trained, what came of it."""

from __future__ import annotations

import builtins
import json
import secrets
import shutil
import time
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError, WorkspaceError
from riskmodel.training.progress import EpochResult
from riskmodel.workspace import database as db
from riskmodel.workspace.files import make_folder, write_text
from riskmodel.workspace.run_record import CONFIG_FILE, LIVE_STATES, RunRecord, check_run_id, read_record
from riskmodel.workspace.run_work import NEVER_BEGAN, RunWork

__all__ = ["RunRecord", "Runs"]

DEVICES = ("auto", "cpu", "gpu")


class Runs(RunWork):
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
            WorkspaceError: no such dataset, or no space left.
        """
        if device not in DEVICES:
            raise ConfigError(f"The device must be one of {', '.join(DEVICES)}; received {device!r}.")
        run_id = f"run-{secrets.token_hex(5)}"
        with self._database.reading() as connection:
            own_name = self._next_name(connection, dataset_id)
        values = {
            "id": run_id,
            "name": name.strip() or own_name,
            "dataset_id": dataset_id,
            "config": config.to_json(),
            "tags": json.dumps(list(tags), ensure_ascii=False),
            "device_requested": device,
            "state": "queued",
            "stop_requested": False,
            "has_model": False,
            "created_at": time.time(),
        }
        try:
            write_text(make_folder(self._run_folder(run_id)) / CONFIG_FILE, config.to_json() + "\n")
            with self._database.writing() as connection:
                connection.execute(sa.insert(db.runs).values(values))
        except BaseException:
            shutil.rmtree(self._run_folder(run_id), ignore_errors=True)
            raise
        return self.get(run_id)

    def get(self, run_id: str) -> RunRecord:
        """One run as it stands.

        Raises:
            WorkspaceError: the id is not one of ours.
        """
        with self._database.reading() as connection:
            row = connection.execute(sa.select(db.runs).where(db.runs.c.id == check_run_id(run_id))).first()
            if row is None:
                raise _unknown(run_id)
            return self._record(row, _queue(connection) if row.state == "queued" else {})

    def list(self, limit: int = 100) -> list[RunRecord]:
        """The newest runs, newest first."""
        newest = sa.select(db.runs).order_by(db.runs.c.created_at.desc(), db.runs.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            rows, places = connection.execute(newest).all(), _queue(connection)
        return [self._record(row, places) for row in rows]

    def epochs(self, run_id: str, after: int = 0) -> builtins.list[EpochResult]:
        """The epochs of a run that come after epoch ``after`` (1-based), in order."""
        newer = sa.select(db.epochs.c.result).where(
            db.epochs.c.run_id == check_run_id(run_id), db.epochs.c.epoch > after
        )
        with self._database.reading() as connection:
            results = connection.scalars(newer.order_by(db.epochs.c.epoch)).all()
        return [EpochResult.from_dict(json.loads(result)) for result in results]

    def request_stop(self, run_id: str) -> None:
        """Ask a run to stop: a queued one ends at once, a running one within seconds and keeps its best weights.

        Nothing happens to a run that has ended.

        Raises:
            WorkspaceError: the id is not one of ours.
        """
        mine = db.runs.c.id == check_run_id(run_id)
        never_began = {"state": "stopped", "stop_requested": True, "notes": NEVER_BEGAN, "finished_at": time.time()}
        with self._database.writing() as connection:
            ended = connection.execute(sa.update(db.runs).where(mine, db.runs.c.state == "queued").values(never_began))
            if ended.rowcount == 1:
                return
            running = sa.update(db.runs).where(mine, db.runs.c.state == "running").values(stop_requested=True)
            asked = connection.execute(running)
        if asked.rowcount == 0:
            self.get(run_id)

    def rename(self, run_id: str, name: str) -> RunRecord:
        """Call a run otherwise.

        Raises:
            WorkspaceError: the name is empty, or the id is not one of ours.
        """
        if not name.strip():
            raise WorkspaceError(f"The name of {run_id} must not be empty. Give it a name.")
        mine = db.runs.c.id == check_run_id(run_id)
        with self._database.writing() as connection:
            connection.execute(sa.update(db.runs).where(mine).values(name=name.strip()))
        return self.get(run_id)

    def delete(self, run_id: str) -> None:
        """Delete a run with its model and predictions; files scored with it stay.

        Raises:
            WorkspaceError: it is live, or the id is not one of ours.
        """
        ended = db.runs.c.state.not_in(LIVE_STATES)
        with self._database.writing() as connection:
            gone = connection.execute(sa.delete(db.runs).where(db.runs.c.id == check_run_id(run_id), ended)).rowcount
        if gone == 0:
            run = self.get(run_id)
            raise WorkspaceError(f"{run.id} is {run.state}; only a run that has ended can be deleted. Stop it first.")
        shutil.rmtree(self._run_folder(run_id), ignore_errors=True)

    def _next_name(self, connection: sa.Connection, dataset_id: str) -> str:
        dataset = connection.scalar(sa.select(db.datasets.c.name).where(db.datasets.c.id == dataset_id))
        if dataset is None:
            raise WorkspaceError(f"There is no dataset {dataset_id!r} in this workspace. Upload its file first.")
        earlier = sa.select(sa.func.count()).select_from(db.runs).where(db.runs.c.dataset_id == dataset_id)
        return f"{dataset.partition('.')[0] or dataset} {(connection.scalar(earlier) or 0) + 1}"

    def _record(self, row: sa.Row[Any], places: dict[str, int]) -> RunRecord:
        return read_record(row, self._run_folder(row.id), places.get(row.id))


def _queue(connection: sa.Connection) -> dict[str, int]:
    """Place of each waiting run, the next one first."""
    waiting = sa.select(db.runs.c.id).where(db.runs.c.state == "queued").order_by(db.runs.c.created_at, db.runs.c.id)
    return {run_id: place for place, run_id in enumerate(connection.scalars(waiting), start=1)}


def _unknown(run_id: str) -> WorkspaceError:
    return WorkspaceError(f"There is no run {run_id!r} in this workspace. See them with: python -m riskmodel runs")
