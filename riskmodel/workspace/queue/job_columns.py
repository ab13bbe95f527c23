"""Columns that runs and searches have in common, as the values of their records."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Row

from riskmodel.config.run import RunConfig
from riskmodel.training.progress import SliceProgress

_UNCHANGED = (
    "id",
    "name",
    "dataset_id",
    "device_requested",
    "device_used",
    "device_note",
    "state",
    "stop_requested",
    "phase",
    "error",
)


def read_common(row: Row[Any], folder: Path, queue_position: int | None) -> dict[str, Any]:
    """The fields that records of runs and searches have in common.

    Args:
        row: of one of the two tables.
        folder: of the job's files.
        queue_position: 1 for the next to start; None unless queued.
    """
    values = row._mapping
    return {
        **{name: values[name] for name in _UNCHANGED},
        "config": _read_config(values["config"]),
        "progress": SliceProgress.from_dict(json.loads(values["progress"])) if values["progress"] else None,
        "notes": tuple(json.loads(values["notes"])),
        "created_at": read_time(values["created_at"]),
        "started_at": read_time(values["started_at"]),
        "finished_at": read_time(values["finished_at"]),
        "folder": folder,
        "queue_position": queue_position,
    }


def read_time(seconds: float | None) -> datetime | None:
    """A time of the database: seconds since 1970."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


@lru_cache(maxsize=1024)
def _read_config(text: str) -> RunConfig:
    # Cached: a page lists hundreds of runs at every click, and configs never change.
    return RunConfig.from_json(text)
