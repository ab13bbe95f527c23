"""What a process that was killed in the middle of writing has left behind."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

UNTOUCHED_SECONDS = 24 * 3600.0
"""Nothing that is still being written stays untouched for so long."""

_PATTERNS = (
    "sources/.upload-*",
    "datasets/.dataset-*",
    "scorings/.scoring-*",
    "runs/*/.model.*",
    "runs/*/.predictions.parquet.*",
    "runs/*/.checkpoint.npz.*",
    "logs/trainer-*.log",
)


def remove_leftovers(home: Path) -> list[Path]:
    """Remove temporary files and folders of a workspace that nobody has touched for a day; what was removed."""
    found = [path for pattern in _PATTERNS for path in home.glob(pattern)]
    old = [path for path in found if time.time() - path.stat().st_mtime > UNTOUCHED_SECONDS]
    for path in old:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return old
