"""What runs and searches have in common: they wait in a queue, one is worked on at a time, and each ends once."""

from __future__ import annotations

import builtins
import json
import secrets
import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import sqlalchemy as sa

from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError, WorkspaceError
from riskmodel.training.progress import SliceProgress
from riskmodel.workspace import database as db
from riskmodel.workspace.files import make_folder, write_text

DEVICES = ("auto", "cpu", "gpu")
LIVE_STATES = ("queued", "running")
CONFIG_FILE = "config.json"


class JobRecord(Protocol):
    """What workers read of a run or search."""

    @property
    def id(self) -> str:
        """``run-`` or ``search-`` and ten hexadecimal digits."""

    @property
    def device_requested(self) -> str:
        """``"auto"``, ``"cpu"`` or ``"gpu"``."""

    @property
    def config(self) -> RunConfig:
        """The choices it is trained with, or begins with."""

    @property
    def log_path(self) -> Path:
        """What its trainer wrote."""


Record = TypeVar("Record", bound=JobRecord)


@dataclass(frozen=True)
class JobWords:
    """How a kind of job is spoken of.

    Attributes:
        noun: ``run`` or ``search``; ids begin with it.
        never_began: Note of one that was stopped while it waited.
        again, again_short: What to do once its worker has gone.
        listing: Where all of them can be seen.
    """

    noun: str
    never_began: str
    again: str
    again_short: str
    listing: str


class JobQueue(ABC, Generic[Record]):
    """The jobs of one table: the analyst's side and the workers'.

    Only a running job can be reported on: once it has been marked as failed or deleted, its trainer's words come too
    late and raise `WorkspaceError`, so that no job ever ends twice.
    """

    words: ClassVar[JobWords]
    _table: ClassVar[sa.Table]
    _waits_since: ClassVar[sa.Column[float]]

    def __init__(self, database: db.Database, folder: Path) -> None:
        self._database = database
        self._folder = make_folder(folder)

    @abstractmethod
    def _read(self, row: sa.Row[Any], place: int | None) -> Record:
        """The record of a row; ``place`` is its place in the queue."""

    @abstractmethod
    def _checked(self, job_id: str) -> str:
        """The id itself, safe to use in a path; raises `WorkspaceError` for what has not the form of one."""

    def get(self, job_id: str) -> Record:
        """One of them as it stands.

        Raises:
            WorkspaceError: the id is not one of ours.
        """
        with self._database.reading() as connection:
            row = connection.execute(sa.select(self._table).where(self._is(job_id))).first()
            if row is None:
                raise self._unknown(job_id)
            return self._read(row, self._places(connection).get(row.id) if row.state == "queued" else None)

    def list(self, limit: int = 100) -> list[Record]:
        """The newest ones, newest first."""
        newest = sa.select(self._table).order_by(self._table.c.created_at.desc(), self._table.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            rows, places = connection.execute(newest).all(), self._places(connection)
        return [self._read(row, places.get(row.id)) for row in rows]

    def request_stop(self, job_id: str) -> None:
        """Ask it to stop: one that waits ends at once, a running one within seconds and keeps the best it has.

        Nothing happens to one that has ended.

        Raises:
            WorkspaceError: the id is not one of ours.
        """
        queued, running = (self._table.c.state == state for state in LIVE_STATES)
        stop = sa.update(self._table).where(self._is(job_id))
        with self._database.writing() as connection:
            ended = connection.execute(stop.where(queued).values(**self._never_began(), finished_at=time.time()))
            if ended.rowcount == 1:
                return
            asked = connection.execute(stop.where(running).values(stop_requested=True))
        if asked.rowcount == 0:
            self.get(job_id)

    def rename(self, job_id: str, name: str) -> Record:
        """Call it otherwise.

        Raises:
            WorkspaceError: the name is empty, or the id is not one of ours.
        """
        if not name.strip():
            raise WorkspaceError(f"The name of {job_id} must not be empty. Give it a name.")
        with self._database.writing() as connection:
            connection.execute(sa.update(self._table).where(self._is(job_id)).values(name=name.strip()))
        return self.get(job_id)

    def delete(self, job_id: str) -> None:
        """Delete one that has ended, with its files; files scored with a run's model stay.

        Raises:
            WorkspaceError: it is live, or the id is not one of ours.
        """
        ended = self._table.c.state.not_in(LIVE_STATES)
        with self._database.writing() as connection:
            gone = connection.execute(sa.delete(self._table).where(self._is(job_id), ended)).rowcount
        if gone == 0:
            state = getattr(self.get(job_id), "state", "")
            raise WorkspaceError(
                f"{job_id} is {state}; only a {self.words.noun} that has ended can be deleted. Stop it first."
            )
        shutil.rmtree(self._job_folder(job_id), ignore_errors=True)

    def has_queued(self) -> bool:
        """Whether one waits. Takes no lock, so that it may be asked many times a second."""
        return self.oldest_queued() is not None

    def oldest_queued(self) -> float | None:
        """Since when the next one waits, in seconds since 1970; None when none does. Takes no lock."""
        with self._database.reading() as connection:
            oldest = sa.select(sa.func.min(self._waits_since)).where(self._table.c.state == "queued")
            return connection.scalar(oldest)

    def claim(self, supervisor: str) -> Record | None:
        """Take the one that has waited longest; None when none waits. Two supervisors never get the same.

        Args:
            supervisor: who takes it, as `riskmodel.jobs.processes.identify` says it.
        """
        waiting = sa.select(self._table.c.id).where(self._table.c.state == "queued")
        first = waiting.order_by(self._waits_since, self._table.c.id).limit(1).with_for_update(skip_locked=True)
        now = time.time()
        take = (
            sa.update(self._table)
            .where(self._table.c.id == first.scalar_subquery(), self._table.c.state == "queued")
            .values(state="running", supervisor=supervisor, started_at=now, heartbeat_at=now, phase="Starting")
            .returning(*self._table.c)
        )
        with self._database.writing() as connection:
            row = connection.execute(take).first()
        return None if row is None else self._read(row, None)

    def running(self) -> dict[str, tuple[str, float]]:
        """Running ones: id to the supervisor that took it and its last heartbeat in seconds since 1970."""
        columns = self._table.c.id, self._table.c.supervisor, self._table.c.heartbeat_at
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(*columns).where(self._table.c.state == "running")).all()
        return {row.id: (row.supervisor, row.heartbeat_at) for row in rows}

    def stop_wanted(self, job_id: str) -> bool:
        """Whether the analyst asked to stop, or it is not to go on for another reason (failed, deleted)."""
        query = sa.select(self._table.c.stop_requested).where(self._is(job_id), self._table.c.state == "running")
        with self._database.reading() as connection:
            return connection.scalar(query) is not False

    def heartbeat(self, job_id: str) -> None:
        """Say that the trainer is alive."""
        self._report(job_id, heartbeat_at=time.time())

    def set_device(self, job_id: str, used: str, note: str) -> None:
        """Say where it is trained, ``"cpu"`` or ``"gpu"``, and why if not as asked."""
        self._report(job_id, device_used=used, device_note=note)

    def set_phase(self, job_id: str, text: str) -> None:
        """Say what is being done."""
        self._report(job_id, phase=text)

    def set_progress(self, job_id: str, progress: SliceProgress) -> None:
        """Say where the training stands."""
        self._report(job_id, phase=progress.phase, progress=json.dumps(progress.to_dict()))

    def end_without_model(self, job_id: str) -> bool:
        """Mark a live one as stopped before it began; false if it had ended already."""
        return self._end(job_id, LIVE_STATES, **self._never_began())

    def fail(self, job_id: str, reason: str) -> bool:
        """Mark a running one as failed, with the reason in words; false if it had ended already.

        One that waits is left alone: it may have been resumed before the worker saw the end of its trainer.
        """
        return self._end(job_id, ("running",), state="failed", error=reason)

    def _put(self, dataset_id: str, name: str, device: str, config: str, **values: object) -> str:
        """Put one in the queue and its config into its folder, both or none; its id."""
        if device not in DEVICES:
            raise ConfigError(f"The device must be one of {', '.join(DEVICES)}; received {device!r}.")
        job_id = f"{self.words.noun}-{secrets.token_hex(5)}"
        with self._database.reading() as connection:
            own_name = self._next_name(connection, dataset_id)
        values |= {"id": job_id, "name": name.strip() or own_name, "dataset_id": dataset_id, "config": config}
        values |= {"device_requested": device, "state": "queued", "stop_requested": False, "created_at": time.time()}
        with ExitStack() as undo:
            undo.callback(shutil.rmtree, self._job_folder(job_id), ignore_errors=True)
            write_text(make_folder(self._job_folder(job_id)) / CONFIG_FILE, config + "\n")
            with self._database.writing() as connection:
                connection.execute(sa.insert(self._table).values(values))
            undo.pop_all()
        return job_id

    def _next_name(self, connection: sa.Connection, dataset_id: str) -> str:
        dataset = connection.scalar(sa.select(db.datasets.c.name).where(db.datasets.c.id == dataset_id))
        if dataset is None:
            raise WorkspaceError(f"There is no dataset {dataset_id!r} in this workspace. Upload its file first.")
        mine = self._table.c.dataset_id == dataset_id
        earlier = connection.scalar(sa.select(sa.func.count()).select_from(self._table).where(mine)) or 0
        return f"{dataset.partition('.')[0] or dataset} {self._name_word()}{earlier + 1}"

    def _name_word(self) -> str:
        """What stands between the dataset's name and the number."""
        return ""

    def _never_began(self) -> dict[str, object]:
        return {"state": "stopped", "stop_requested": True, "notes": json.dumps([self.words.never_began])}

    def _end(self, job_id: str, states: tuple[str, ...], **values: object) -> bool:
        live = sa.update(self._table).where(self._is(job_id), self._table.c.state.in_(states))
        with self._database.writing() as connection:
            done = connection.execute(live.values(phase="", finished_at=time.time(), **values))
        return done.rowcount == 1

    def _report(self, job_id: str, **values: object) -> None:
        with self._database.writing() as connection:
            self._update(connection, job_id, values)

    def _update(self, connection: sa.Connection, job_id: str, values: Mapping[str, object]) -> None:
        running = sa.update(self._table).where(self._is(job_id), self._table.c.state == "running")
        if connection.execute(running.values(**values)).rowcount == 0:
            raise WorkspaceError(f"{job_id} is no longer running: it was ended or deleted meanwhile.")

    def _is(self, job_id: str) -> sa.ColumnElement[bool]:
        return self._table.c.id == self._checked(job_id)

    def _unknown(self, job_id: str) -> WorkspaceError:
        return WorkspaceError(
            f"There is no {self.words.noun} {job_id!r} in this workspace. See them with: {self.words.listing}"
        )

    def _job_folder(self, job_id: str) -> Path:
        return self._folder / self._checked(job_id)

    @staticmethod
    def _places(connection: sa.Connection) -> dict[str, int]:
        """Place of each waiting job of either kind, the next one first."""
        runs = sa.select(db.runs.c.id, db.runs.c.created_at.label("since")).where(db.runs.c.state == "queued")
        searches = sa.select(db.searches.c.id, db.searches.c.queued_at).where(db.searches.c.state == "queued")
        waiting = sa.union_all(runs, searches).subquery()
        ids = connection.scalars(sa.select(waiting.c.id).order_by(waiting.c.since, waiting.c.id))
        return {job_id: place for place, job_id in enumerate(builtins.list(ids), start=1)}
