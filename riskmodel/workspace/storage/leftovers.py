"""Removal of files left by processes killed while writing."""

from __future__ import annotations

import shutil
import time
from collections.abc import Set
from contextlib import suppress
from pathlib import Path

from riskmodel.workspace.storage.files import INCOMPLETE_FILE, is_owned

SETTLE_SECONDS = 5.0
"""Seconds between creation and locking of a file."""

UNTOUCHED_SECONDS = 24 * 3600.0
"""Age in seconds after which a file is no longer being written."""

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
"""Prefixes of files locked by their writer."""

_UNLOCKED = ("logs/trainer-*.log",)


def remove_leftovers(home: Path) -> list[Path]:
    """Remove the temporary files and folders that no living process writes; returns the removed paths."""
    locked = [path for pattern in _LOCKED for path in home.glob(pattern)]
    gone = [path for path in locked if age_of(path) > SETTLE_SECONDS and not is_owned(path)]
    unlocked = [path for pattern in _UNLOCKED for path in home.glob(pattern)]
    gone += [path for path in unlocked if age_of(path) > UNTOUCHED_SECONDS]
    for path in gone:
        _remove(path)
    return gone


def remove_incomplete(folder: Path, known: Set[str]) -> list[Path]:
    """Remove the subfolders of interrupted writes; returns the removed paths.

    Args:
        folder: of runs, searches or scored files.
        known: names of the subfolders that have a record. A folder without a record and without the marker of an
            incomplete one is kept: it may belong to a replaced database.
    """
    gone = []
    for mark in folder.glob(f"*/{INCOMPLETE_FILE}"):
        if age_of(mark) < SETTLE_SECONDS or is_owned(mark):
            continue
        if mark.parent.name in known:  # the crash happened after the record was written
            mark.unlink(missing_ok=True)
        else:
            _remove(mark.parent)
            gone.append(mark.parent)
    for empty in (path for path in folder.glob("[!.]*") if path.name not in known and age_of(path) > SETTLE_SECONDS):
        with suppress(OSError):  # not empty
            empty.rmdir()  # created just before its marker
            gone.append(empty)
    return gone


def age_of(path: Path) -> float:
    """Absolute seconds since the last write, also after the clock was set back; 0 if the file is missing."""
    try:
        return abs(time.time() - path.stat().st_mtime)
    except FileNotFoundError:
        return 0.0


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
