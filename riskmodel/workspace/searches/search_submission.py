"""Submission of searches: new ones, and ended ones again."""

from __future__ import annotations

import time

import sqlalchemy as sa

from riskmodel.config.run import RunConfig
from riskmodel.config.search import SearchConfig
from riskmodel.config.search_space import search_space
from riskmodel.errors import WorkspaceError
from riskmodel.training.searching.trial import LASTING
from riskmodel.workspace.queue.job_queue import JobQueue
from riskmodel.workspace.queue.job_table import JobTable
from riskmodel.workspace.searches.search_record import SearchRecord
from riskmodel.workspace.searches.search_repository import SearchRepository
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.storage.tables import LIVE_STATES


class SearchSubmission:
    """Puts searches in the queue.

    Args:
        jobs: the searches.
        queue, searches: of the same jobs.
    """

    def __init__(self, jobs: JobTable[SearchRecord], queue: JobQueue[SearchRecord], searches: SearchRepository) -> None:
        self._jobs = jobs
        self._queue = queue
        self._searches = searches

    def submit(
        self, dataset_id: str, config: RunConfig, search: SearchConfig, name: str = "", device: str = "auto"
    ) -> SearchRecord:
        """Put a search in the queue. It starts once a supervisor is running (`riskmodel.jobs.supervisor`).

        Args:
            dataset_id: of a dataset of this workspace.
            config: the base configuration.
            search: searched fields and limits.
            name: empty: the dataset's name and a number.
            device: ``"auto"``, ``"cpu"`` or ``"gpu"``.

        Raises:
            ConfigError: a field cannot be searched, a range is empty, or there is no such device.
            WorkspaceError: no such dataset, or no space left.
        """
        search_space(config, search)
        own = {"search": search.to_json(), "queued_at": time.time()}
        return self._queue.submit(dataset_id, name, device, config.to_json(), own)

    def resume(self, search_id: str, trials: int | None = None, minutes: float | None = None) -> SearchRecord:
        """Resume an ended search: ended trials are kept.

        Args:
            trials: new total, including ended ones; None keeps the limit.
            minutes: likewise, for all trials together.

        Raises:
            ConfigError: a number is out of range.
            WorkspaceError: it is live, has used all its trials or minutes, or is unknown.
        """
        record = self._searches.get(search_id)
        changed = {"trials": trials, "minutes": minutes}
        wanted = {**record.search.model_dump(mode="json"), **{k: v for k, v in changed.items() if v is not None}}
        search = SearchConfig.from_dict(wanted)
        done = [trial for trial in self._searches.trials(search_id) if trial.state in LASTING]
        if search.trials is not None and len(done) >= search.trials:
            raise WorkspaceError(
                f"{search_id} has completed its {search.trials} trials. Set a larger total: "
                f"{search.trials * 2}, for instance."
            )
        if search.minutes is not None and sum(trial.seconds for trial in done) >= 60 * search.minutes:
            raise WorkspaceError(
                f"{search_id} has used its {search.minutes:g} minutes. Set a larger total: "
                f"{search.minutes * 2:g}, for instance."
            )
        values = {"state": "queued", "stop_requested": False, "phase": "", "error": None, "notes": "[]"}
        values["queue_key"] = None
        again = sa.update(db.searches).where(self._jobs.with_id(search_id), db.searches.c.state.not_in(LIVE_STATES))
        with self._jobs.database.writing() as connection:
            changed_rows = connection.execute(
                again.values(**values, search=search.to_json(), queued_at=time.time(), progress=None, finished_at=None)
            ).rowcount
        if changed_rows == 0:
            raise WorkspaceError(
                f"{search_id} is {self._searches.get(search_id).state_name}; only an ended search can be resumed."
            )
        return self._searches.get(search_id)
