"""The searches: what is tried, how each trial went, and which choices are the best so far."""

from __future__ import annotations

import builtins
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from riskmodel.config.run import RunConfig
from riskmodel.config.search import SearchConfig
from riskmodel.config.search_space import Dimension, search_space, with_values
from riskmodel.errors import WorkspaceError
from riskmodel.training.progress import SliceProgress
from riskmodel.training.searching.trial import LASTING, TrialResult, best_trial
from riskmodel.workspace.queue.job_queue import JobQueue
from riskmodel.workspace.queue.job_work import LIVE_STATES, JobWords
from riskmodel.workspace.runs.run_record import LOG_FILE, RunState
from riskmodel.workspace.storage import database as db

SEARCH_ID = re.compile(r"search-[0-9a-f]{10}")


@dataclass(frozen=True)
class SearchRecord:
    """A search as it stood when it was read.

    Attributes:
        id: ``search-`` and ten hexadecimal digits.
        name: what the analyst calls it, never empty.
        dataset_id: what its networks learn from.
        config: the choices it began with, which are its first trial.
        search: what it changes, and for how long.
        device_requested, device_used, device_note: as of a run.
        state: live (queued, running) or ended (finished, stopped or cancelled by the analyst,
            failed).
        stop_requested: the analyst asked to stop.
        phase: what is being done, in words; empty while queued and once ended.
        progress: where the present trial stands.
        error: why it failed, in words; None otherwise.
        notes: what the analyst should know.
        created_at, started_at, finished_at: UTC; started and finished when it last was.
        queue_position: 1 for the next to begin; None unless queued.
        folder: where its files are.
    """

    id: str
    name: str
    dataset_id: str
    config: RunConfig
    search: SearchConfig
    device_requested: str
    device_used: str | None
    device_note: str
    state: RunState
    stop_requested: bool
    phase: str
    progress: SliceProgress | None
    error: str | None
    notes: tuple[str, ...]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    queue_position: int | None
    folder: Path

    @property
    def is_live(self) -> bool:
        """Whether it waits or goes on."""
        return self.state in LIVE_STATES

    @property
    def log_path(self) -> Path:
        """What its trainer wrote; there once it has begun."""
        return self.folder / LOG_FILE

    @property
    def space(self) -> tuple[Dimension, ...]:
        """The searched fields with their ranges."""
        return search_space(self.config, self.search)

    def config_of(self, trial: TrialResult) -> RunConfig:
        """Every choice of a trial: training a run with it gives its figures again."""
        return with_values(self.config, trial.values)


class Searches(JobQueue[SearchRecord]):
    """The workspace's searches. They wait in one queue with the runs.

    Example:
        >>> search = SearchConfig(fields=("network.dropout",), trials=10)
        >>> record = workspace.searches.submit(dataset.id, preset("fast"), search)  # doctest: +SKIP
        >>> workspace.searches.best_config(record.id)  # doctest: +SKIP
    """

    words = JobWords(
        noun="search",
        never_began="Stopped before it began.",
        cancelled="Cancelled; trials that had ended are kept.",
        again="Resume it: trials that have ended are kept.",
        again_short="Resume the search",
        listing="python -m riskmodel searches",
    )
    _table = db.searches

    def submit(
        self, dataset_id: str, config: RunConfig, search: SearchConfig, name: str = "", device: str = "auto"
    ) -> SearchRecord:
        """Put a search in the queue. It begins once a supervisor is there (`riskmodel.jobs.supervisor`).

        Args:
            dataset_id: of a dataset of this workspace.
            config: the choices to begin with.
            search: which of them to change, and for how long.
            name: what to call it; empty: the dataset's name and a number.
            device: ``"auto"``, ``"cpu"`` or ``"gpu"``.

        Raises:
            ConfigError: a field cannot be searched, a range is empty, or there is no such device.
            WorkspaceError: no such dataset, or no space left.
        """
        search_space(config, search)
        own = {"search": search.to_json(), "queued_at": time.time()}
        return self.get(self._put(dataset_id, name, device, config.to_json(), own))

    def resume(self, search_id: str, trials: int | None = None, minutes: float | None = None) -> SearchRecord:
        """Put a search that has ended in the queue again: trials that have ended are kept, the rest follows.

        Args:
            trials: how many to have in all, those of before counted; None leaves it as it was.
            minutes: likewise, of all trials together.

        Raises:
            ConfigError: a number out of its range.
            WorkspaceError: it is live, has had all its trials or minutes, or is not one of ours.
        """
        record = self.get(search_id)
        changed = {"trials": trials, "minutes": minutes}
        wanted = {**record.search.model_dump(mode="json"), **{k: v for k, v in changed.items() if v is not None}}
        search = SearchConfig.from_dict(wanted)
        done = [trial for trial in self.trials(search_id) if trial.state in LASTING]
        if search.trials is not None and len(done) >= search.trials:
            raise WorkspaceError(
                f"{search_id} has had its {search.trials} trials. Ask for more of them, those counted: "
                f"{search.trials * 2}, for instance."
            )
        if search.minutes is not None and sum(trial.seconds for trial in done) >= 60 * search.minutes:
            raise WorkspaceError(
                f"{search_id} has had its {search.minutes:g} minutes. Ask for more of them, those counted: "
                f"{search.minutes * 2:g}, for instance."
            )
        values = {"state": "queued", "stop_requested": False, "phase": "", "error": None, "notes": "[]"}
        values["queue_key"] = None
        again = sa.update(db.searches).where(self._is(search_id), db.searches.c.state.not_in(LIVE_STATES))
        with self._database.writing() as connection:
            changed_rows = connection.execute(
                again.values(**values, search=search.to_json(), queued_at=time.time(), progress=None, finished_at=None)
            ).rowcount
        if changed_rows == 0:
            raise WorkspaceError(f"{search_id} is {self.get(search_id).state}; only one that has ended can be resumed.")
        return self.get(search_id)

    def trials(self, search_id: str) -> builtins.list[TrialResult]:
        """The trials so far, in their order; one that a search that has ended left open counts as stopped."""
        table = db.trials.join(db.searches)
        mine = sa.select(db.trials.c.result, db.searches.c.state).select_from(table).where(self._is(search_id))
        with self._database.reading() as connection:
            rows = connection.execute(mine.order_by(db.trials.c.number)).all()
        found = [(TrialResult.from_dict(json.loads(row.result)), row.state) for row in rows]
        return [
            replace(trial, state="stopped") if trial.state == "running" and state != "running" else trial
            for trial, state in found
        ]

    def best_config(self, search_id: str) -> RunConfig:
        """Every choice of the best trial so far.

        Raises:
            WorkspaceError: no trial has finished, or the id is not one of ours.
        """
        record, best = self.get(search_id), best_trial(self.trials(search_id))
        if best is None:
            raise WorkspaceError(f"No trial of {search_id} has finished yet, so there is no best one. Let it go on.")
        return record.config_of(best)

    def add_trial(self, search_id: str, result: TrialResult) -> None:
        """Write a trial as it stands, in place of what was written of it before. Workers only, as `finish`."""
        values = {"search_id": search_id, "number": result.number, "result": json.dumps(result.to_dict())}
        same = db.trials.c.search_id == search_id, db.trials.c.number == result.number
        with self._database.writing() as connection:
            self._update(connection, search_id, {"heartbeat_at": time.time()})
            connection.execute(sa.delete(db.trials).where(*same))
            connection.execute(sa.insert(db.trials).values(values))

    def finish(self, search_id: str, *, stopped: bool, notes: Sequence[str] = ()) -> None:
        """End a search.

        Args:
            stopped: it ended because the analyst asked to.
            notes: what the analyst should know.
        """
        state = "stopped" if stopped else "finished"
        words = json.dumps(list(notes), ensure_ascii=False)
        self._report(search_id, state=state, phase="", notes=words, finished_at=time.time())

    def _name_word(self) -> str:
        return "search "

    def _checked(self, search_id: str) -> str:
        if not SEARCH_ID.fullmatch(search_id):
            raise WorkspaceError(
                f"{search_id!r} is no id of a search: it must be 'search-' and ten hexadecimal digits."
            )
        return search_id

    def _read(self, row: sa.Row[Any], place: int | None) -> SearchRecord:
        values = row._mapping
        plain = ("id", "name", "dataset_id", "device_requested", "device_used", "device_note", "state")
        return SearchRecord(
            **{name: values[name] for name in (*plain, "stop_requested", "phase", "error")},
            config=_read_config(values["config"]),
            search=_read_search(values["search"]),
            progress=SliceProgress.from_dict(json.loads(values["progress"])) if values["progress"] else None,
            notes=tuple(json.loads(values["notes"])),
            created_at=datetime.fromtimestamp(values["created_at"], UTC),
            started_at=_moment(values["started_at"]),
            finished_at=_moment(values["finished_at"]),
            queue_position=place,
            folder=self._job_folder(row.id),
        )


@lru_cache(maxsize=256)
def _read_config(text: str) -> RunConfig:
    return RunConfig.from_json(text)


@lru_cache(maxsize=256)
def _read_search(text: str) -> SearchConfig:
    return SearchConfig.model_validate_json(text)


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
