"""The queue shared by runs and searches: one job is processed at a time."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Generic

import sqlalchemy as sa

from riskmodel.errors import ConfigError, WorkspaceError
from riskmodel.workspace.queue import queue_order
from riskmodel.workspace.queue.job_kind import Record
from riskmodel.workspace.queue.job_repository import JobRepository
from riskmodel.workspace.queue.job_table import JobTable
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.storage.files import incomplete_folder, sync_folder, write_text
from riskmodel.workspace.storage.tables import LIVE_STATES

DEVICES = ("auto", "cpu", "gpu")
CONFIG_FILE = "config.json"


class JobQueue(Generic[Record]):
    """The jobs of one kind in the common queue, for analysts: submit, move, stop, discard.

    Args:
        jobs: of the queue.
        repository: of the same jobs.
    """

    def __init__(self, jobs: JobTable[Record], repository: JobRepository[Record]) -> None:
        self._jobs = jobs
        self._repository = repository

    def request_stop(self, job_id: str) -> bool:
        """Request a stop: a queued job ends at once, a running one within seconds, keeping its best weights.

        Returns:
            Whether it was live; an ended job is unchanged.

        Raises:
            WorkspaceError: the id is unknown.
        """
        queued, running = (self._jobs.rows.c.state == state for state in LIVE_STATES)
        stop = sa.update(self._jobs.rows).where(self._jobs.with_id(job_id))
        with self._jobs.database.writing() as connection:
            ended = connection.execute(stop.where(queued).values(**self._jobs.never_started(), finished_at=time.time()))
            if ended.rowcount == 1:
                return True
            asked = connection.execute(stop.where(running).values(stop_requested=True))
        if asked.rowcount == 0:
            self._repository.get(job_id)
            return False
        self._jobs.log_of(job_id).add("Stop requested.")
        return True

    def request_cancel(self, job_id: str) -> bool:
        """Discard a job without a model: a queued one never starts, a running one's trainer ends within a second.

        Returns:
            Whether it was live; an ended job is unchanged.

        Raises:
            WorkspaceError: the id is unknown.
        """
        notes = json.dumps([self._jobs.kind.discarded])
        if self._jobs.end(job_id, LIVE_STATES, state="cancelled", stop_requested=True, notes=notes):
            self._jobs.log_of(job_id).add(self._jobs.kind.discarded)
            return True
        self._repository.get(job_id)
        return False

    def move(self, job_id: str, place: int) -> Record:
        """Move a queued job to a position in the common queue: 1 is next, beyond the end is last.

        Raises:
            WorkspaceError: it is not queued, or the id is unknown.
        """
        with self._jobs.database.writing() as connection:
            moved = queue_order.move(connection, self._jobs.kind.check_id(job_id), place)
        return self._moved(job_id, moved)

    def move_up(self, job_id: str) -> Record:
        """Swap with the job before it; the first one stays. Errors as for `move`."""
        return self._move_by(job_id, -1)

    def move_down(self, job_id: str) -> Record:
        """Swap with the job after it; the last one stays. Errors as for `move`."""
        return self._move_by(job_id, 1)

    def submit(
        self,
        dataset_id: str,
        name: str,
        device: str,
        config: str,
        own: Mapping[str, object],
        *,
        fill: Callable[[Path], None] = lambda folder: None,
        add_rows: Callable[[sa.Connection, str], None] = lambda connection, job_id: None,
    ) -> Record:
        """Add a job to the queue and its config to its folder, both or none.

        Args:
            own: values of columns specific to the kind.
            fill: writes further files into the folder.
            add_rows: inserts further rows for the new id.
        """
        if device not in DEVICES:
            raise ConfigError(f"The device must be one of {', '.join(DEVICES)}; received {device!r}.")
        noun = self._jobs.kind.noun
        job_id = f"{noun}-{secrets.token_hex(5)}"
        with self._jobs.database.reading() as connection:
            own_name = self._next_name(connection, dataset_id)
        values = {**own, "id": job_id, "name": name.strip() or own_name, "dataset_id": dataset_id, "config": config}
        values |= {"device_requested": device, "state": "queued", "stop_requested": False, "created_at": time.time()}
        with incomplete_folder(self._jobs.folder_of(job_id)) as folder:
            write_text(folder / CONFIG_FILE, config + "\n")
            fill(folder)
            sync_folder(folder)
            try:
                with self._jobs.database.writing() as connection:
                    connection.execute(sa.insert(self._jobs.rows).values(values))
                    add_rows(connection, job_id)
            except sa.exc.IntegrityError as error:
                raise WorkspaceError(
                    f"The dataset {dataset_id!r} was deleted while the {noun} was submitted; nothing was kept. "
                    "Upload its file first."
                ) from error
        return self._repository.get(job_id)

    def _next_name(self, connection: sa.Connection, dataset_id: str) -> str:
        dataset = connection.scalar(sa.select(db.datasets.c.name).where(db.datasets.c.id == dataset_id))
        if dataset is None:
            raise WorkspaceError(f"There is no dataset {dataset_id!r} in this workspace. Upload its file first.")
        mine = self._jobs.rows.c.dataset_id == dataset_id
        earlier = connection.scalar(sa.select(sa.func.count()).select_from(self._jobs.rows).where(mine)) or 0
        return f"{dataset.partition('.')[0] or dataset} {self._jobs.kind.numbered}{earlier + 1}"

    def _move_by(self, job_id: str, places: int) -> Record:
        with self._jobs.database.writing() as connection:
            ids = queue_order.waiting_ids(connection)
            waits = self._jobs.kind.check_id(job_id) in ids
            moved = waits and queue_order.move(connection, job_id, ids.index(job_id) + 1 + places)
        return self._moved(job_id, moved)

    def _moved(self, job_id: str, moved: bool) -> Record:
        record = self._repository.get(job_id)
        if not moved:
            raise WorkspaceError(f"{job_id} is {record.state_name}; only a queued {self._jobs.kind.noun} can be moved.")
        return record
