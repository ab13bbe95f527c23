"""What all tables on the pages have in common."""

from __future__ import annotations

from typing import Literal

MOST_ROWS_IN_FULL = 14


def table_height(num_rows: int, otherwise: int = 480) -> int | Literal["content"]:
    """A short table is shown in full, a long one scrolls within so many pixels."""
    return "content" if num_rows <= MOST_ROWS_IN_FULL else otherwise
