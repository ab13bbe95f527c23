"""The queue shared by runs and searches: one job is processed at a time."""

from __future__ import annotations

import builtins
import json
import secrets
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa

from riskmodel.errors import ConfigError, WorkspaceError
from riskmodel.workspace.queue import queue_order
from riskmodel.workspace.queue.deletion import record_deleted, record_removed
from riskmodel.workspace.queue.job_work import LIVE_STATES, JobWork, Record
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.storage.files import incomplete_folder, sync_folder, write_text
from riskmodel.workspace.storage.leftovers import remove_incomplete

DEVICES = ("auto", "cpu", "gpu")
CONFIG_FILE = "config.json"


class JobQueue(JobWork[Record]):
    """The jobs of one table with the analyst's operations: submit, move, stop, discard, rename, delete."""

    def request_stop(self, job_id: str) -> None:
        """Request a stop: a queued job ends at once, a running one within seconds, keeping its best weights.

        No effect on an ended job.

        Raises:
            WorkspaceError: the id is unknown.
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
        else:
            self.add_log(job_id, "Stop requested.")

    def request_cancel(self, job_id: str) -> None:
        """Discard a job without a model: a queued one never starts, a running one's trainer ends within a second.

        No effect on an ended job.

        Raises:
            WorkspaceError: the id is unknown.
        """
        notes = json.dumps([self.messages.cancelled])
        if self._end(job_id, LIVE_STATES, state="cancelled", stop_requested=True, notes=notes):
            self.add_log(job_id, self.messages.cancelled)
        else:
            self.get(job_id)

    def move(self, job_id: str, place: int) -> Record:
        """Move a queued job to a position in the common queue: 1 is next, beyond the end is last.

        Raises:
            WorkspaceError: it is not queued, or the id is unknown.
        """
        with self._database.writing() as connection:
            moved = queue_order.move(connection, self._checked(job_id), place)
        return self._moved(job_id, moved)

    def move_up(self, job_id: str) -> Record:
        """Swap with the job before it; the first one stays. Errors as for `move`."""
        return self._move_by(job_id, -1)

    def move_down(self, job_id: str) -> Record:
        """Swap with the job after it; the last one stays. Errors as for `move`."""
        return self._move_by(job_id, 1)

    def rename(self, job_id: str, name: str) -> Record:
        """Rename the job.

        Raises:
            WorkspaceError: the name is empty, or the id is unknown.
        """
        if not name.strip():
            raise WorkspaceError(f"The name of {job_id} must not be empty. Give it a name.")
        with self._database.writing() as connection:
            connection.execute(sa.update(self._table).where(self._is(job_id)).values(name=name.strip()))
        return self.get(job_id)

    def delete(self, job_id: str) -> None:
        """Delete an ended job with its files; files scored with a run's model stay.

        Raises:
            WorkspaceError: it is live, or the id is unknown.
        """
        ended = self._table.c.state.not_in(LIVE_STATES)

        def delete_row() -> int:
            with self._database.writing() as connection:
                count = connection.execute(sa.delete(self._table).where(self._is(job_id), ended)).rowcount
                record_deleted(connection, self.messages.noun, [job_id] * count)
                return count

        if self._reserve.spend(delete_row) == 0:
            state = getattr(self.get(job_id), "state", "")
            raise WorkspaceError(
                f"{job_id} is {state}; only an ended {self.messages.noun} can be deleted. Stop it first."
            )
        self._remove_folders([job_id])

    def _remove_folders(self, job_ids: Sequence[str]) -> None:
        """Remove the folders of jobs whose deletion is recorded; failures are retried at the next opening."""
        folders = {job_id: self._job_folder(job_id) for job_id in job_ids}
        for folder in folders.values():
            shutil.rmtree(folder, ignore_errors=True)
        gone = [job_id for job_id, folder in folders.items() if not folder.exists()]
        with suppress(WorkspaceError), self._database.writing() as connection:
            record_removed(connection, self.messages.noun, gone)
        self._reserve.hold()

    def _put(
        self,
        dataset_id: str,
        name: str,
        device: str,
        config: str,
        own: Mapping[str, object],
        *,
        fill: Callable[[Path], None] = lambda folder: None,
        add_rows: Callable[[sa.Connection, str], None] = lambda connection, job_id: None,
    ) -> str:
        """Add a job to the queue and its config to its folder, both or none; returns its id.

        Args:
            own: values of columns specific to the kind.
            fill: writes further files into the folder.
            add_rows: inserts further rows for the new id.
        """
        if device not in DEVICES:
            raise ConfigError(f"The device must be one of {', '.join(DEVICES)}; received {device!r}.")
        job_id = f"{self.messages.noun}-{secrets.token_hex(5)}"
        with self._database.reading() as connection:
            own_name = self._next_name(connection, dataset_id)
        values = {**own, "id": job_id, "name": name.strip() or own_name, "dataset_id": dataset_id, "config": config}
        values |= {"device_requested": device, "state": "queued", "stop_requested": False, "created_at": time.time()}
        with incomplete_folder(self._job_folder(job_id)) as folder:
            write_text(folder / CONFIG_FILE, config + "\n")
            fill(folder)
            sync_folder(folder)
            try:
                with self._database.writing() as connection:
                    connection.execute(sa.insert(self._table).values(values))
                    add_rows(connection, job_id)
            except sa.exc.IntegrityError as error:
                raise WorkspaceError(
                    f"The dataset {dataset_id!r} was deleted while the {self.messages.noun} was submitted; nothing was "
                    "kept. Upload its file first."
                ) from error
        return job_id

    def remove_leftovers(self) -> builtins.list[Path]:
        """Remove the folders of interrupted submissions; returns the removed paths."""
        with self._database.reading() as connection:
            known = set(connection.scalars(sa.select(self._table.c.id)))
        return remove_incomplete(self._folder, known)

    def _next_name(self, connection: sa.Connection, dataset_id: str) -> str:
        dataset = connection.scalar(sa.select(db.datasets.c.name).where(db.datasets.c.id == dataset_id))
        if dataset is None:
            raise WorkspaceError(f"There is no dataset {dataset_id!r} in this workspace. Upload its file first.")
        mine = self._table.c.dataset_id == dataset_id
        earlier = connection.scalar(sa.select(sa.func.count()).select_from(self._table).where(mine)) or 0
        return f"{dataset.partition('.')[0] or dataset} {self._name_word()}{earlier + 1}"

    def _name_word(self) -> str:
        """Text between the dataset's name and the number."""
        return ""

    def _move_by(self, job_id: str, places: int) -> Record:
        with self._database.writing() as connection:
            ids = queue_order.waiting_ids(connection)
            waits = self._checked(job_id) in ids
            moved = waits and queue_order.move(connection, job_id, ids.index(job_id) + 1 + places)
        return self._moved(job_id, moved)

    def _moved(self, job_id: str, moved: bool) -> Record:
        record = self.get(job_id)
        if not moved:
            state = getattr(record, "state", "")
            raise WorkspaceError(f"{job_id} is {state}; only a queued {self.messages.noun} can be moved.")
        return record
