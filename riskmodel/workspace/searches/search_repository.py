"""Searches and their trials as they are now."""

from __future__ import annotations

import json
from dataclasses import replace

import sqlalchemy as sa

from riskmodel.config.run import RunConfig
from riskmodel.errors import WorkspaceError
from riskmodel.training.searching.trial import TrialResult, best_trial
from riskmodel.workspace.queue.job_record import describe_damage
from riskmodel.workspace.queue.job_repository import JobRepository
from riskmodel.workspace.queue.job_table import JobTable
from riskmodel.workspace.searches.search_record import SearchRecord
from riskmodel.workspace.storage import database as db


class SearchRepository:
    """Reads searches and their trials.

    Args:
        jobs: the searches.
        repository: of the same jobs.

    Attributes:
        get, newest, log: as in `JobRepository`.
    """

    def __init__(self, jobs: JobTable[SearchRecord], repository: JobRepository[SearchRecord]) -> None:
        self._jobs = jobs
        self.get, self.newest, self.log = repository.get, repository.newest, repository.log

    def trials(self, search_id: str) -> list[TrialResult]:
        """The trials so far, in order; an unfinished trial of an ended search counts as stopped.

        Raises:
            WorkspaceError: a trial is damaged, or the id is invalid.
        """
        table = db.trials.join(db.searches)
        mine = (
            sa.select(db.trials.c.result, db.searches.c.state).select_from(table).where(self._jobs.with_id(search_id))
        )
        with self._jobs.database.reading() as connection:
            rows = connection.execute(mine.order_by(db.trials.c.number)).all()
        found = [(self._read_trial(search_id, row.result), row.state) for row in rows]
        return [
            replace(trial, state="stopped") if trial.state == "running" and state != "running" else trial
            for trial, state in found
        ]

    def _read_trial(self, search_id: str, text: str) -> TrialResult:
        try:
            return TrialResult.from_dict(json.loads(text))
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise WorkspaceError(describe_damage(f"A trial of {search_id}", error)) from error

    def best_config(self, search_id: str) -> RunConfig:
        """Configuration of the best trial so far.

        Raises:
            WorkspaceError: no trial has finished, or the id is unknown.
        """
        record, best = self.get(search_id), best_trial(self.trials(search_id))
        if best is None:
            raise WorkspaceError(f"No trial of {search_id} has finished yet. Wait for the first result.")
        return record.config_of(best)
