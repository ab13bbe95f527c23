"""What a process that was killed in the middle of writing has left behind."""

from __future__ import annotations

import shutil
import time
from collections.abc import Set
from contextlib import suppress
from pathlib import Path

from riskmodel.workspace.storage.files import INCOMPLETE_FILE, is_owned

SETTLE_SECONDS = 5.0
"""A file is created a moment before it is locked."""

UNTOUCHED_SECONDS = 24 * 3600.0
"""Nothing that is still being written stays untouched for so long."""

_LOCKED = (
    "sources/.upload-*",
    "datasets/.dataset-*",
    "datasets/..dataset-*",
    "scorings/.scoring-*",
    "runs/*/.config.json.*",
    "runs/*/.model.*",
    "runs/*/.predictions.parquet.*",
    "runs/*/.checkpoint.npz.*",
    "runs/*/networks/.*",
    "searches/*/.config.json.*",
    ".*.json.*",
    ".reserve.*",
    ".workspace-id.*",
)
"""Locked by the process that writes them."""

_UNLOCKED = ("logs/trainer-*.log",)


def remove_leftovers(home: Path) -> list[Path]:
    """Remove the temporary files and folders of a workspace that no living process writes; what was removed."""
    locked = [path for pattern in _LOCKED for path in home.glob(pattern)]
    gone = [path for path in locked if age_of(path) > SETTLE_SECONDS and not is_owned(path)]
    unlocked = [path for pattern in _UNLOCKED for path in home.glob(pattern)]
    gone += [path for path in unlocked if age_of(path) > UNTOUCHED_SECONDS]
    for path in gone:
        _remove(path)
    return gone


def remove_incomplete(folder: Path, known: Set[str]) -> list[Path]:
    """Remove the subfolders whose writing a crash has cut short; what was removed.

    Args:
        folder: of runs, searches or scored files.
        known: names of the subfolders that have a record. A folder without a record and without the mark of an
            incomplete one is left alone: it may belong to a database that was replaced.
    """
    gone = []
    for mark in folder.glob(f"*/{INCOMPLETE_FILE}"):
        if age_of(mark) < SETTLE_SECONDS or is_owned(mark):
            continue
        if mark.parent.name in known:  # the crash came after the record
            mark.unlink(missing_ok=True)
        else:
            _remove(mark.parent)
            gone.append(mark.parent)
    for empty in (path for path in folder.glob("[!.]*") if path.name not in known and age_of(path) > SETTLE_SECONDS):
        with suppress(OSError):  # not empty
            empty.rmdir()  # made a moment before its mark
            gone.append(empty)
    return gone


def age_of(path: Path) -> float:
    """Seconds since it was last written to, 0 if it has gone; a clock that was set back counts as well."""
    try:
        return abs(time.time() - path.stat().st_mtime)
    except FileNotFoundError:
        return 0.0


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
