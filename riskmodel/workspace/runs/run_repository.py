"""Runs and their epochs as they are now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.training.progress import EpochResult
from riskmodel.workspace.queue.job_record import JobState, describe_damage, read_texts
from riskmodel.workspace.queue.job_repository import JobRepository
from riskmodel.workspace.queue.job_table import JobTable, places_of_waiting
from riskmodel.workspace.runs.run_kind import RUN
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.runs.tags import clean_tags
from riskmodel.workspace.storage import database as db


class RunRepository:
    """Reads runs and their epochs.

    Args:
        jobs: the runs.
        repository: of the same jobs.

    Attributes:
        get, log: as in `JobRepository`.
    """

    def __init__(self, jobs: JobTable[RunRecord], repository: JobRepository[RunRecord]) -> None:
        self._jobs = jobs
        self._fail_orphans = repository.fail_orphans
        self.get, self.log = repository.get, repository.log

    def find(
        self,
        limit: int = 100,
        *,
        archived: bool | None = False,
        deleted: bool = False,
        dataset_id: str | None = None,
        states: Sequence[JobState] = (),
        tags: Sequence[str] = (),
        text: str = "",
    ) -> list[RunRecord]:
        """The newest runs, newest first, without unreadable ones (`Jobs.unreadable`).

        Those whose supervisor died are marked as failed.

        Args:
            archived: True: only archived runs, False: only others, None: both.
            deleted: deleted runs instead of the others.
            dataset_id: only runs of this dataset.
            states: only runs in one of these; empty: all.
            tags: only runs with all of these, ignoring case.
            text: only runs with all its words in name, tags or notes, ignoring case.
        """
        self._fail_orphans()
        table = db.runs
        wanted = sa.select(table).where(table.c.deleted_at.is_not(None) if deleted else table.c.deleted_at.is_(None))
        if archived is not None and not deleted:
            wanted = wanted.where(table.c.archived.is_(archived))
        if dataset_id is not None:
            wanted = wanted.where(table.c.dataset_id == dataset_id)
        if states:
            wanted = wanted.where(table.c.state.in_(states))
        newest = wanted.order_by(table.c.created_at.desc(), table.c.id.desc())
        words, marks = text.casefold().split(), {tag.casefold() for tag in clean_tags(tags)}
        with self._jobs.database.reading() as connection:
            if not words and not marks:
                rows = list(connection.execute(newest.limit(limit)))
            else:  # filtered here: SQLite compares Ä and ä as different letters
                rows = [row for row in connection.execute(newest) if _has(row, words, marks)][:limit]
            places = places_of_waiting(connection)
        return self._jobs.read_all(rows, places)

    def number(self, run: RunRecord) -> int:
        """Position of a run among all runs of its dataset by the time of submission, from 1; deleted ones count."""
        columns = db.runs.c
        own = sa.select(columns.created_at).where(columns.id == run.id).scalar_subquery()
        is_earlier = (columns.created_at < own) | ((columns.created_at == own) & (columns.id < run.id))
        counted = sa.select(sa.func.count()).where(columns.dataset_id == run.dataset_id, is_earlier)
        with self._jobs.database.reading() as connection:
            return int(connection.scalar(counted) or 0) + 1

    def epochs(self, run_id: str, after: int = 0) -> list[EpochResult]:
        """The epochs of a run at positions after ``after`` (1-based, see `EpochResult.place`), in order.

        Raises:
            WorkspaceError: an epoch is damaged, or the id is invalid.
        """
        newer = sa.select(db.epochs.c.result).where(
            db.epochs.c.run_id == RUN.check_id(run_id), db.epochs.c.epoch > after
        )
        with self._jobs.database.reading() as connection:
            results = connection.scalars(newer.order_by(db.epochs.c.epoch)).all()
        try:
            return [EpochResult.from_dict(json.loads(result)) for result in results]
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise WorkspaceError(describe_damage(f"An epoch of {run_id}", error)) from error


def _has(row: sa.Row[Any], words: Sequence[str], marks: set[str]) -> bool:
    try:
        tags = [tag.casefold() for tag in read_texts(row.tags)]
        searched = "\n".join([row.name.casefold(), *tags, row.remarks.casefold()])
    except Exception:  # noqa: BLE001  # damage may raise anything: the run is then listed as unreadable
        return True
    return marks <= set(tags) and all(word in searched for word in words)
