"""What the records of runs and searches have in common."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from sqlalchemy import Column, Row, Table

from riskmodel.config.run import RunConfig
from riskmodel.training.progress import SliceProgress
from riskmodel.workspace.storage.tables import LIVE_STATES

JobState = Literal["queued", "running", "finished", "stopped", "cancelled", "failed"]

STATE_NAMES: dict[str, str] = {state: state for state in get_args(JobState)} | {"cancelled": "discarded"}
"""How a stored state is shown."""

LOG_FILE = "trainer.log"
"""Output of a job's trainer, in the job's folder."""


@dataclass(frozen=True, kw_only=True)
class JobRecord:
    """State of a run or search at the time of reading.

    Attributes:
        id: ``run-`` or ``search-`` and ten hexadecimal digits.
        name: given by the analyst, never empty.
        dataset_id: its training dataset.
        config: the configuration that it is trained with, or starts from.
        device_requested: ``"auto"``, ``"cpu"`` or ``"gpu"``.
        device_used: ``"cpu"`` or ``"gpu"`` once known.
        device_note: why the device differs from the requested one; else empty.
        state: live (queued, running) or ended (finished, stopped or discarded by the analyst, failed).
        stop_requested: the analyst requested a stop.
        phase: current phase; empty while queued and once ended.
        progress: of the training, or of the current trial; kept after the end.
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
    def state_name(self) -> str:
        """The state as it is shown; see `STATE_NAMES`."""
        return STATE_NAMES[self.state]

    @property
    def log_path(self) -> Path:
        """Output of its trainer; exists once it has started."""
        return self.folder / LOG_FILE


def read_columns(
    record: type[JobRecord], table: Table, row: Row[Any], read: Mapping[str, Callable[[Any], Any]]
) -> dict[str, Any]:
    """The fields of a record that are columns of its table.

    Args:
        record: the class.
        table: with the types of the columns.
        row: of the table.
        read: functions that convert stored values, by column; they are added to those of all jobs. Other columns are
            unchanged.

    Raises:
        ValueError: a value has another type than its column.
    """
    values, convert = row._mapping, {**_COMMON, **read}
    stored = [field.name for field in fields(record) if field.name in values]
    for name in stored:
        _check_type(table.c[name], values[name])
    return {name: convert[name](values[name]) if name in convert else values[name] for name in stored}


def _check_type(column: Column[Any], value: object) -> None:
    """SQLite stores values of any type in any column."""
    wanted = column.type.python_type
    accepted = (int, float) if wanted is float else (wanted,)
    if not isinstance(value, accepted) and not (value is None and column.nullable):
        raise ValueError(f"{column.name} must be a {wanted.__name__}; received {value!r:.50}")


def describe_damage(subject: str, error: Exception) -> str:
    """Message that something stored cannot be read, with the first line of the error."""
    reason = str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
    return f"{subject} cannot be read; it is damaged, or of another version of the program: {reason}."


def read_time(seconds: float | None) -> datetime | None:
    """A stored time: seconds since 1970."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def read_texts(text: str) -> tuple[str, ...]:
    """A stored list of texts.

    Raises:
        ValueError: it is anything else.
    """
    found = json.loads(text)
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise ValueError(f"a list of texts is required; received {text:.50}")
    return tuple(found)


def _read_state(text: str) -> JobState:
    if text not in STATE_NAMES:
        raise ValueError(f"there is no state {text!r:.50}")
    return cast("JobState", text)


@lru_cache(maxsize=1024)
def _read_config(text: str) -> RunConfig:
    # Cached: a page lists hundreds of runs at every click, and configs never change.
    return RunConfig.from_json(text)


def _read_progress(text: str | None) -> SliceProgress | None:
    return SliceProgress.from_dict(json.loads(text)) if text else None


_COMMON: Mapping[str, Callable[[Any], Any]] = {
    "state": _read_state,
    "config": _read_config,
    "progress": _read_progress,
    "notes": read_texts,
    "created_at": read_time,
    "started_at": read_time,
    "finished_at": read_time,
}
