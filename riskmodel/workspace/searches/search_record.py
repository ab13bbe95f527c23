"""Record of a search."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from riskmodel.config.run import RunConfig
from riskmodel.config.search import SearchConfig
from riskmodel.config.search_space import Dimension, search_space, with_values
from riskmodel.training.searching.trial import TrialResult
from riskmodel.workspace.queue.job_kind import JobKind
from riskmodel.workspace.queue.job_record import JobRecord, read_columns
from riskmodel.workspace.storage import database as db


@dataclass(frozen=True, kw_only=True)
class SearchRecord(JobRecord):
    """State of a search at the time of reading; its configuration is the one of trial 1.

    Attributes:
        search: searched fields and limits.
    """

    search: SearchConfig

    @property
    def space(self) -> tuple[Dimension, ...]:
        """The searched fields with their ranges."""
        return search_space(self.config, self.search)

    def config_of(self, trial: TrialResult) -> RunConfig:
        """Configuration of a trial: a run with it reproduces its metrics."""
        return with_values(self.config, trial.values)


def read_record(row: Row[Any], folder: Path, queue_position: int | None) -> SearchRecord:
    """The record of a row of the table of searches, whose files are in ``folder``."""
    columns = read_columns(SearchRecord, db.searches, row, {"search": _read_search})
    return SearchRecord(**columns, queue_position=queue_position, folder=folder)


@lru_cache(maxsize=256)
def _read_search(text: str) -> SearchConfig:
    return SearchConfig.model_validate_json(text)


SEARCH: JobKind[SearchRecord] = JobKind(
    noun="search",
    table=db.searches,
    read_record=read_record,
    never_started="Stopped before it started.",
    discarded="Discarded; ended trials are kept.",
    retry="Resume it: ended trials are kept.",
    retry_short="Resume the search",
    listing="python -m riskmodel searches",
    numbered="search ",
)
