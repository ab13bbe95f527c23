"""Record of a search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from riskmodel.config.run import RunConfig
from riskmodel.config.search import SearchConfig
from riskmodel.config.search_space import Dimension, search_space, with_values
from riskmodel.training.progress import SliceProgress
from riskmodel.training.searching.trial import TrialResult
from riskmodel.workspace.queue.job_columns import read_common
from riskmodel.workspace.queue.job_kind import LIVE_STATES, LOG_FILE, JobKind, JobState
from riskmodel.workspace.storage import database as db


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
    state: JobState
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


def read_record(row: Row[Any], folder: Path, queue_position: int | None) -> SearchRecord:
    """The record of a row of the table of searches, whose files are in ``folder``."""
    return SearchRecord(**read_common(row, folder, queue_position), search=_read_search(row.search))


@lru_cache(maxsize=256)
def _read_search(text: str) -> SearchConfig:
    return SearchConfig.model_validate_json(text)


SEARCH: JobKind[SearchRecord] = JobKind(
    noun="search",
    table=db.searches,
    read_record=read_record,
    never_began="Stopped before it started.",
    cancelled="Discarded; ended trials are kept.",
    retry="Resume it: ended trials are kept.",
    retry_short="Resume the search",
    listing="python -m riskmodel searches",
    numbered="search ",
)
