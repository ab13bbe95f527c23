"""What runs and searches have in common: they wait in a queue, one is worked on at a time, and each ends once."""

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
    """The jobs of one table, with the analyst's side: put in, move, stop, cancel, rename, delete."""

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
        else:
            self.add_log(job_id, "Asked to stop.")

    def request_cancel(self, job_id: str) -> None:
        """End it at once and keep no model: one that waits never begins, a running one's trainer is ended in a second.

        Nothing happens to one that has ended.

        Raises:
            WorkspaceError: the id is not one of ours.
        """
        notes = json.dumps([self.words.cancelled])
        if self._end(job_id, LIVE_STATES, state="cancelled", stop_requested=True, notes=notes):
            self.add_log(job_id, self.words.cancelled)
        else:
            self.get(job_id)

    def move(self, job_id: str, place: int) -> Record:
        """Put a waiting one at a place in the queue that runs and searches share: 1 is next, beyond the end is last.

        Raises:
            WorkspaceError: it does not wait, or the id is not one of ours.
        """
        with self._database.writing() as connection:
            moved = queue_order.move(connection, self._checked(job_id), place)
        return self._moved(job_id, moved)

    def move_up(self, job_id: str) -> Record:
        """Let it change places with the one before it; the first one stays. Errors as `move`."""
        return self._move_by(job_id, -1)

    def move_down(self, job_id: str) -> Record:
        """Let it change places with the one after it; the last one stays. Errors as `move`."""
        return self._move_by(job_id, 1)

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

        def delete_row() -> int:
            with self._database.writing() as connection:
                count = connection.execute(sa.delete(self._table).where(self._is(job_id), ended)).rowcount
                record_deleted(connection, self.words.noun, [job_id] * count)
                return count

        if self._reserve.spend(delete_row) == 0:
            state = getattr(self.get(job_id), "state", "")
            raise WorkspaceError(
                f"{job_id} is {state}; only a {self.words.noun} that has ended can be deleted. Stop it first."
            )
        self._remove_folders([job_id])

    def _remove_folders(self, job_ids: Sequence[str]) -> None:
        """Remove the folders of jobs whose deletion is recorded; what stays is removed at the next opening."""
        folders = {job_id: self._job_folder(job_id) for job_id in job_ids}
        for folder in folders.values():
            shutil.rmtree(folder, ignore_errors=True)
        gone = [job_id for job_id, folder in folders.items() if not folder.exists()]
        with suppress(WorkspaceError), self._database.writing() as connection:
            record_removed(connection, self.words.noun, gone)
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
        """Put one in the queue and its config into its folder, both or none; its id.

        Args:
            own: values of columns that the other kind has not.
            fill: puts further files into the folder.
            add_rows: puts further rows, of the new id, into the database.
        """
        if device not in DEVICES:
            raise ConfigError(f"The device must be one of {', '.join(DEVICES)}; received {device!r}.")
        job_id = f"{self.words.noun}-{secrets.token_hex(5)}"
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
                    f"The dataset {dataset_id!r} was deleted while the {self.words.noun} was submitted; nothing was "
                    "kept. Upload its file first."
                ) from error
        return job_id

    def remove_leftovers(self) -> builtins.list[Path]:
        """Remove the folders of those whose submission a crash has cut short; what was removed."""
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
        """What stands between the dataset's name and the number."""
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
            raise WorkspaceError(f"{job_id} is {state}; only a {self.words.noun} that waits can be moved in the queue.")
        return record
