"""What workers do with runs and searches alike: take the next one, report how it goes, and end it once."""

from __future__ import annotations

import builtins
import json
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import sqlalchemy as sa

from riskmodel.config.run import RunConfig
from riskmodel.errors import WorkspaceError
from riskmodel.training.progress import SliceProgress
from riskmodel.workspace.queue import queue_order
from riskmodel.workspace.queue.job_log import EVENTS_FILE, JobLog, LogLine
from riskmodel.workspace.queue.orphans import Heartbeats, fail_orphans
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.storage.disk_reserve import DiskReserve
from riskmodel.workspace.storage.files import make_folder

LIVE_STATES = ("queued", "running")


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
        cancelled: Note of one that was cancelled.
        again, again_short: What to do once its worker has gone.
        listing: Where all of them can be seen.
    """

    noun: str
    never_began: str
    cancelled: str
    again: str
    again_short: str
    listing: str


class JobWork(ABC, Generic[Record]):
    """The jobs of one table as workers see them.

    Only a running job can be reported on: once it has been marked as failed or cancelled or was deleted, its trainer's
    words come too late and raise `WorkspaceError`, so that no job ever ends twice.
    """

    words: ClassVar[JobWords]
    _table: ClassVar[sa.Table]

    def __init__(self, database: db.Database, folder: Path) -> None:
        self.heartbeats = Heartbeats()
        self._database = database
        self._folder = make_folder(folder)
        self._reserve = DiskReserve(folder.parent)

    @abstractmethod
    def _read(self, row: sa.Row[Any], place: int | None) -> Record:
        """The record of a row; ``place`` is its place in the queue."""

    @abstractmethod
    def _checked(self, job_id: str) -> str:
        """The id itself, safe to use in a path; raises `WorkspaceError` for what has not the form of one."""

    def get(self, job_id: str) -> Record:
        """One of them as it stands; one whose supervisor died is marked as failed.

        Raises:
            WorkspaceError: the id is not one of ours.
        """
        record, is_running = self._get(job_id)
        return self._get(job_id)[0] if is_running and self.fail_orphans() else record

    def _get(self, job_id: str) -> tuple[Record, bool]:
        """One of them, and whether it is running."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(self._table).where(self._is(job_id))).first()
            if row is None:
                raise self._unknown(job_id)
            place = places_of_waiting(connection).get(row.id) if row.state == "queued" else None
        return self._read(row, place), row.state == "running"

    def fail_orphans(self) -> builtins.list[str]:
        """Mark running ones whose supervisor died as failed; their ids.

        A database that cannot be written to now leaves that to the next look.
        """
        try:
            return fail_orphans(self)
        except WorkspaceError:
            return []

    def list(self, limit: int = 100) -> list[Record]:
        """The newest ones, newest first; those whose supervisor died are marked as failed."""
        self.fail_orphans()
        newest = sa.select(self._table).order_by(self._table.c.created_at.desc(), self._table.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            rows, places = connection.execute(newest).all(), places_of_waiting(connection)
        return [self._read(row, places.get(row.id)) for row in rows]

    def is_cancelled(self, job_id: str) -> bool:
        """Whether the analyst cancelled it, so that whatever its trainer does is for nothing. Takes no lock."""
        with self._database.reading() as connection:
            return connection.scalar(sa.select(self._table.c.state).where(self._is(job_id))) == "cancelled"

    def add_log(self, job_id: str, text: str) -> None:
        """Write a line into its log: what was done, or what happened. The log is bounded."""
        self._log(job_id).add(text)

    def log(self, job_id: str, after: int = 0) -> builtins.list[LogLine]:
        """The lines of its log that come after line ``after`` (1-based), in order.

        Raises:
            WorkspaceError: the id has not the form of one.
        """
        return self._log(job_id).read(after)

    def has_queued(self) -> bool:
        """Whether one waits. Takes no lock, so that it may be asked many times a second."""
        return self.oldest_queued() is not None

    def oldest_queued(self) -> float | None:
        """The next one's place, as that of either kind is told: the smaller, the sooner; None when none waits.

        It is since when it waits, in seconds since 1970, unless one was moved. Takes no lock.
        """
        with self._database.reading() as connection:
            oldest = sa.select(sa.func.min(queue_order.order_of(self._table))).where(self._table.c.state == "queued")
            return connection.scalar(oldest)

    def claim(self, supervisor: str) -> Record | None:
        """Take the one that is next; None when none waits. Two supervisors never get the same.

        Args:
            supervisor: who takes it, as `riskmodel.jobs.processes.identify` says it.
        """
        waiting = sa.select(self._table.c.id).where(self._table.c.state == "queued")
        first = (
            waiting.order_by(queue_order.order_of(self._table), self._table.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
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
        ended = self._end(job_id, ("running",), state="failed", error=reason)
        if ended:
            self.add_log(job_id, f"Failed: {reason}")
        return ended

    def discard_files(self, job_id: str) -> None:
        """Delete what the trainer of a cancelled one may have left."""

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

    def _log(self, job_id: str) -> JobLog:
        return JobLog(self._job_folder(job_id) / EVENTS_FILE)

    def _is(self, job_id: str) -> sa.ColumnElement[bool]:
        return self._table.c.id == self._checked(job_id)

    def _unknown(self, job_id: str) -> WorkspaceError:
        return WorkspaceError(
            f"There is no {self.words.noun} {job_id!r} in this workspace. See them with: {self.words.listing}"
        )

    def _job_folder(self, job_id: str) -> Path:
        return self._folder / self._checked(job_id)


def places_of_waiting(connection: sa.Connection) -> dict[str, int]:
    """Place of each waiting job of either kind, the next one first."""
    return {job_id: place for place, job_id in enumerate(queue_order.waiting_ids(connection), start=1)}
