"""Execution of searches, for supervisors and trainers."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence

import sqlalchemy as sa

from riskmodel.training.searching.trial import TrialResult
from riskmodel.workspace.queue.job_execution import JobExecution
from riskmodel.workspace.searches.search_record import SearchRecord
from riskmodel.workspace.storage import database as db


class SearchExecution(JobExecution[SearchRecord]):
    """Execution of searches: that of any job, trials and the end."""

    def add_trial(self, search_id: str, result: TrialResult) -> None:
        """Write the state of a trial, replacing the previous one."""
        values = {"search_id": search_id, "number": result.number, "result": json.dumps(result.to_dict())}
        same = db.trials.c.search_id == search_id, db.trials.c.number == result.number
        with self._jobs.database.writing() as connection:
            self.update(connection, search_id, {"heartbeat_at": time.time()})
            connection.execute(sa.delete(db.trials).where(*same))
            connection.execute(sa.insert(db.trials).values(values))

    def finish(self, search_id: str, *, stopped: bool, notes: Sequence[str] = ()) -> None:
        """End a search.

        Args:
            stopped: it was ended by the analyst.
            notes: messages for the analyst.
        """
        state = "stopped" if stopped else "finished"
        words = json.dumps(list(notes), ensure_ascii=False)
        self.report(search_id, state=state, phase="", notes=words, finished_at=time.time())
