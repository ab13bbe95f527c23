"""Hyperparameter searches: trials, results, best configuration."""

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
from riskmodel.workspace.queue.job_work import LIVE_STATES, JobMessages
from riskmodel.workspace.runs.run_record import LOG_FILE, RunState
from riskmodel.workspace.storage import database as db

SEARCH_ID = re.compile(r"search-[0-9a-f]{10}")


@dataclass(frozen=True)
class SearchRecord:
    """State of a search at the time of reading.

    Attributes:
        id: ``search-`` and ten hexadecimal digits.
        name: given by the analyst, never empty.
        dataset_id: its training dataset.
        config: base configuration, used by trial 1.
        search: searched fields and limits.
        device_requested, device_used, device_note: as for a run.
        state: live (queued, running) or ended (finished, stopped or discarded by the analyst,
            failed).
        stop_requested: the analyst requested a stop.
        phase: current phase; empty while queued and once ended.
        progress: of the current trial.
        error: reason of failure; else None.
        notes: messages for the analyst.
        created_at, started_at, finished_at: UTC; started and finished of the last time.
        queue_position: 1 for the next to start; None unless queued.
        folder: of its files.
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
        """Whether it is queued or running."""
        return self.state in LIVE_STATES

    @property
    def log_path(self) -> Path:
        """Output of its trainer; exists once it has started."""
        return self.folder / LOG_FILE

    @property
    def space(self) -> tuple[Dimension, ...]:
        """The searched fields with their ranges."""
        return search_space(self.config, self.search)

    def config_of(self, trial: TrialResult) -> RunConfig:
        """Configuration of a trial: a run with it reproduces its metrics."""
        return with_values(self.config, trial.values)


class Searches(JobQueue[SearchRecord]):
    """The workspace's searches. They share the queue with the runs.

    Example:
        >>> search = SearchConfig(fields=("network.dropout",), trials=10)
        >>> record = workspace.searches.submit(dataset.id, preset("fast"), search)  # doctest: +SKIP
        >>> workspace.searches.best_config(record.id)  # doctest: +SKIP
    """

    messages = JobMessages(
        noun="search",
        never_began="Stopped before it started.",
        cancelled="Discarded; ended trials are kept.",
        retry="Resume it: ended trials are kept.",
        retry_short="Resume the search",
        listing="python -m riskmodel searches",
    )
    _table = db.searches

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
        return self.get(self._put(dataset_id, name, device, config.to_json(), own))

    def resume(self, search_id: str, trials: int | None = None, minutes: float | None = None) -> SearchRecord:
        """Resume an ended search: ended trials are kept.

        Args:
            trials: new total, including ended ones; None keeps the limit.
            minutes: likewise, for all trials together.

        Raises:
            ConfigError: a number is out of range.
            WorkspaceError: it is live, has used all its trials or minutes, or is unknown.
        """
        record = self.get(search_id)
        changed = {"trials": trials, "minutes": minutes}
        wanted = {**record.search.model_dump(mode="json"), **{k: v for k, v in changed.items() if v is not None}}
        search = SearchConfig.from_dict(wanted)
        done = [trial for trial in self.trials(search_id) if trial.state in LASTING]
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
        again = sa.update(db.searches).where(self._is(search_id), db.searches.c.state.not_in(LIVE_STATES))
        with self._database.writing() as connection:
            changed_rows = connection.execute(
                again.values(**values, search=search.to_json(), queued_at=time.time(), progress=None, finished_at=None)
            ).rowcount
        if changed_rows == 0:
            raise WorkspaceError(f"{search_id} is {self.get(search_id).state}; only an ended search can be resumed.")
        return self.get(search_id)

    def trials(self, search_id: str) -> builtins.list[TrialResult]:
        """The trials so far, in order; an unfinished trial of an ended search counts as stopped."""
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
        """Configuration of the best trial so far.

        Raises:
            WorkspaceError: no trial has finished, or the id is unknown.
        """
        record, best = self.get(search_id), best_trial(self.trials(search_id))
        if best is None:
            raise WorkspaceError(f"No trial of {search_id} has finished yet. Wait for the first result.")
        return record.config_of(best)

    def add_trial(self, search_id: str, result: TrialResult) -> None:
        """Write the state of a trial, replacing the previous one. For trainers only, like `finish`."""
        values = {"search_id": search_id, "number": result.number, "result": json.dumps(result.to_dict())}
        same = db.trials.c.search_id == search_id, db.trials.c.number == result.number
        with self._database.writing() as connection:
            self._update(connection, search_id, {"heartbeat_at": time.time()})
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
        self._report(search_id, state=state, phase="", notes=words, finished_at=time.time())

    def _name_word(self) -> str:
        return "search "

    def _checked(self, search_id: str) -> str:
        if not SEARCH_ID.fullmatch(search_id):
            raise WorkspaceError(
                f"{search_id!r} is not a valid search id: it must be 'search-' and ten hexadecimal digits."
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
