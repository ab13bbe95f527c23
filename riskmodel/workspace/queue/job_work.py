"""Operations of supervisors and trainers on jobs: claim, report progress, end."""

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
    """Fields of a run or search read by trainers."""

    @property
    def id(self) -> str:
        """``run-`` or ``search-`` and ten hexadecimal digits."""

    @property
    def device_requested(self) -> str:
        """``"auto"``, ``"cpu"`` or ``"gpu"``."""

    @property
    def config(self) -> RunConfig:
        """The configuration it is trained with, or starts from."""

    @property
    def log_path(self) -> Path:
        """Output of its trainer."""


Record = TypeVar("Record", bound=JobRecord)


@dataclass(frozen=True)
class JobMessages:
    """Messages for a kind of job.

    Attributes:
        noun: ``run`` or ``search``; also the prefix of ids.
        never_began: Note of a job stopped while queued.
        cancelled: Note of a discarded job.
        retry, retry_short: Advice after its supervisor was lost.
        listing: Command that lists all of them.
    """

    noun: str
    never_began: str
    cancelled: str
    retry: str
    retry_short: str
    listing: str


class JobWork(ABC, Generic[Record]):
    """The jobs of one table for supervisors and trainers.

    Only a running job accepts reports: once it is marked as failed or discarded or was deleted, its trainer's
    reports raise `WorkspaceError`, so that no job ends twice.
    """

    messages: ClassVar[JobMessages]
    _table: ClassVar[sa.Table]

    def __init__(self, database: db.Database, folder: Path) -> None:
        self.heartbeats = Heartbeats()
        self._database = database
        self._folder = make_folder(folder)
        self._reserve = DiskReserve(folder.parent)

    @abstractmethod
    def _read(self, row: sa.Row[Any], place: int | None) -> Record:
        """The record of a row; ``place`` is its queue position."""

    @abstractmethod
    def _checked(self, job_id: str) -> str:
        """The id itself, safe to use in a path; raises `WorkspaceError` for an invalid one."""

    def get(self, job_id: str) -> Record:
        """A job; marked as failed if its supervisor died.

        Raises:
            WorkspaceError: the id is unknown.
        """
        record, is_running = self._get(job_id)
        return self._get(job_id)[0] if is_running and self.fail_orphans() else record

    def _get(self, job_id: str) -> tuple[Record, bool]:
        """A job, and whether it is running."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(self._table).where(self._is(job_id))).first()
            if row is None:
                raise self._unknown(job_id)
            place = places_of_waiting(connection).get(row.id) if row.state == "queued" else None
        return self._read(row, place), row.state == "running"

    def fail_orphans(self) -> builtins.list[str]:
        """Mark running jobs whose supervisor died as failed; returns their ids.

        If the database is not writable, the next call retries.
        """
        try:
            return fail_orphans(self)
        except WorkspaceError:
            return []

    def list(self, limit: int = 100) -> list[Record]:
        """The newest jobs, newest first; those whose supervisor died are marked as failed."""
        self.fail_orphans()
        newest = sa.select(self._table).order_by(self._table.c.created_at.desc(), self._table.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            rows, places = connection.execute(newest).all(), places_of_waiting(connection)
        return [self._read(row, places.get(row.id)) for row in rows]

    def is_cancelled(self, job_id: str) -> bool:
        """Whether the analyst discarded it. Takes no lock."""
        with self._database.reading() as connection:
            return connection.scalar(sa.select(self._table.c.state).where(self._is(job_id))) == "cancelled"

    def add_log(self, job_id: str, text: str) -> None:
        """Append a line to its log. The log has a maximum size."""
        self._log(job_id).add(text)

    def log(self, job_id: str, after: int = 0) -> builtins.list[LogLine]:
        """The lines of its log after line ``after`` (1-based), in order.

        Raises:
            WorkspaceError: the id is invalid.
        """
        return self._log(job_id).read(after)

    def has_queued(self) -> bool:
        """Whether a job is queued. Takes no lock, so that it may be called many times per second."""
        return self.oldest_queued() is not None

    def oldest_queued(self) -> float | None:
        """Sort key of the next queued job, comparable between kinds; smaller is sooner; None if none is queued.

        It is the submission time in seconds since 1970, unless a job was moved. Takes no lock.
        """
        with self._database.reading() as connection:
            oldest = sa.select(sa.func.min(queue_order.order_of(self._table))).where(self._table.c.state == "queued")
            return connection.scalar(oldest)

    def claim(self, supervisor: str) -> Record | None:
        """Claim the next queued job; None if none is queued. Two supervisors never get the same job.

        Args:
            supervisor: identity of the claiming process, from `riskmodel.jobs.processes.identify`.
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
        """Running jobs: id to supervisor and last heartbeat in seconds since 1970."""
        columns = self._table.c.id, self._table.c.supervisor, self._table.c.heartbeat_at
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(*columns).where(self._table.c.state == "running")).all()
        return {row.id: (row.supervisor, row.heartbeat_at) for row in rows}

    def stop_wanted(self, job_id: str) -> bool:
        """Whether the job must stop: by request of the analyst, or because it failed or was deleted."""
        query = sa.select(self._table.c.stop_requested).where(self._is(job_id), self._table.c.state == "running")
        with self._database.reading() as connection:
            return connection.scalar(query) is not False

    def heartbeat(self, job_id: str) -> None:
        """Record that the trainer is alive."""
        self._report(job_id, heartbeat_at=time.time())

    def set_device(self, job_id: str, used: str, note: str) -> None:
        """Record the device, ``"cpu"`` or ``"gpu"``, and why it differs from the requested one."""
        self._report(job_id, device_used=used, device_note=note)

    def set_phase(self, job_id: str, text: str) -> None:
        """Record the current phase."""
        self._report(job_id, phase=text)

    def set_progress(self, job_id: str, progress: SliceProgress) -> None:
        """Record the progress."""
        self._report(job_id, phase=progress.phase, progress=json.dumps(progress.to_dict()))

    def end_without_model(self, job_id: str) -> bool:
        """Mark a live job as stopped before it started; False if it had already ended."""
        return self._end(job_id, LIVE_STATES, **self._never_began())

    def fail(self, job_id: str, reason: str) -> bool:
        """Mark a running job as failed, with the reason; False if it had already ended.

        A queued job is unchanged: it may have been resumed before the supervisor saw its trainer end.
        """
        ended = self._end(job_id, ("running",), state="failed", error=reason)
        if ended:
            self.add_log(job_id, f"Failed: {reason}")
        return ended

    def discard_files(self, job_id: str) -> None:
        """Delete the files of a discarded job."""

    def _never_began(self) -> dict[str, object]:
        return {"state": "stopped", "stop_requested": True, "notes": json.dumps([self.messages.never_began])}

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
            raise WorkspaceError(f"{job_id} is no longer running: it was ended or deleted.")

    def _log(self, job_id: str) -> JobLog:
        return JobLog(self._job_folder(job_id) / EVENTS_FILE)

    def _is(self, job_id: str) -> sa.ColumnElement[bool]:
        return self._table.c.id == self._checked(job_id)

    def _unknown(self, job_id: str) -> WorkspaceError:
        return WorkspaceError(
            f"There is no {self.messages.noun} {job_id!r} in this workspace. List them with: {self.messages.listing}"
        )

    def _job_folder(self, job_id: str) -> Path:
        return self._folder / self._checked(job_id)


def places_of_waiting(connection: sa.Connection) -> dict[str, int]:
    """Queue position of each queued job of both kinds, next first."""
    return {job_id: place for place, job_id in enumerate(queue_order.waiting_ids(connection), start=1)}
