"""The jobs of one kind in a workspace: rows of the database and folders of files."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Generic

import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.deletion.deletions import record_removed
from riskmodel.workspace.queue import queue_order
from riskmodel.workspace.queue.job_kind import JobKind, Record
from riskmodel.workspace.queue.job_log import EVENTS_FILE, JobLog
from riskmodel.workspace.queue.job_record import describe_damage
from riskmodel.workspace.storage.database import Database
from riskmodel.workspace.storage.disk_reserve import DiskReserve
from riskmodel.workspace.storage.files import make_folder
from riskmodel.workspace.storage.leftovers import remove_incomplete


class JobTable(Generic[Record]):
    """Rows and folders of the jobs of one kind; the parts of `Runs` and `Searches` share it.

    Attributes:
        kind: of the jobs.
        database: of the workspace.
        reserve: reserved disk space of the workspace.
        unreadable: by id, the errors of the jobs that this process could not read, most recently.
    """

    def __init__(self, kind: JobKind[Record], database: Database, folder: Path) -> None:
        self.kind = kind
        self.database = database
        self.reserve = DiskReserve(folder.parent)
        self.unreadable: dict[str, str] = {}
        self._folder = make_folder(folder)

    @property
    def rows(self) -> sa.Table:
        """The table of the database."""
        return self.kind.table

    def with_id(self, job_id: str) -> sa.ColumnElement[bool]:
        """The condition that a row is this job's."""
        return self.rows.c.id == self.kind.check_id(job_id)

    def folder_of(self, job_id: str) -> Path:
        """Where its files are."""
        return self._folder / self.kind.check_id(job_id)

    def log_of(self, job_id: str) -> JobLog:
        """Its log."""
        return JobLog(self.folder_of(job_id) / EVENTS_FILE)

    def get(self, job_id: str) -> Record:
        """A job as its row states.

        Raises:
            WorkspaceError: the id is unknown.
        """
        with self.database.reading() as connection:
            row = connection.execute(sa.select(self.rows).where(self.with_id(job_id))).first()
            if row is None:
                raise self.unknown(job_id)
            place = places_of_waiting(connection).get(row.id) if row.state == "queued" else None
        return self.read(row, place)

    def read(self, row: sa.Row[Any], place: int | None = None) -> Record:
        """The record of a row; ``place`` is its queue position.

        Raises:
            WorkspaceError: the row is damaged, or of another version of the program.
        """
        folder = self.folder_of(row.id)
        try:
            record = self.kind.read_record(row, folder, place)
        except Exception as error:  # damage may raise anything
            damage = describe_damage(f"The {self.kind.noun} {row.id}", error)
            removal = self.kind.removal.format(row.id)
            raise WorkspaceError(f"{damage} Its files are in {folder}.{removal}") from error
        self.unreadable.pop(row.id, None)
        return record

    def read_all(self, rows: Sequence[sa.Row[Any]], places: Mapping[str, int]) -> list[Record]:
        """The records of rows, without the unreadable ones, which are added to `unreadable`."""
        found = []
        for row in rows:
            try:
                found.append(self.read(row, places.get(row.id)))
            except WorkspaceError as error:
                self.unreadable[row.id] = str(error)
        return found

    def unknown(self, job_id: str) -> WorkspaceError:
        """The error that there is no such job."""
        return WorkspaceError(
            f"There is no {self.kind.noun} {job_id!r} in this workspace. List them with: {self.kind.listing}"
        )

    def end(self, job_id: str, states: Sequence[str], **values: object) -> bool:
        """Write the end of a job in one of these states; False if it is in none."""
        live = sa.update(self.rows).where(self.with_id(job_id), self.rows.c.state.in_(states))
        with self.database.writing() as connection:
            done = connection.execute(live.values(phase="", finished_at=time.time(), **values))
        return done.rowcount == 1

    def never_started(self) -> dict[str, object]:
        """The columns of a job that was stopped before it started."""
        return {"state": "stopped", "stop_requested": True, "notes": json.dumps([self.kind.never_started])}

    def remove_folders(self, job_ids: Sequence[str]) -> None:
        """Remove the folders of jobs whose deletion is recorded; failures are retried at the next opening."""
        folders = {job_id: self.folder_of(job_id) for job_id in job_ids}
        for folder in folders.values():
            shutil.rmtree(folder, ignore_errors=True)
        gone = [job_id for job_id, folder in folders.items() if not folder.exists()]
        with suppress(WorkspaceError), self.database.writing() as connection:
            record_removed(connection, self.kind.noun, gone)
        self.reserve.hold()

    def remove_leftovers(self) -> list[Path]:
        """Remove the folders of interrupted submissions; returns the removed paths."""
        with self.database.reading() as connection:
            known = set(connection.scalars(sa.select(self.rows.c.id)))
        return remove_incomplete(self._folder, known)


def places_of_waiting(connection: sa.Connection) -> dict[str, int]:
    """Queue position of each queued job of both kinds, next first."""
    return {job_id: place for place, job_id in enumerate(queue_order.waiting_ids(connection), start=1)}
