"""Text formatting: escaped names, counts, sizes, times, percentages."""

from __future__ import annotations

import re
from datetime import datetime

STATE_NAMES = {
    "queued": "queued",
    "running": "running",
    "finished": "finished",
    "stopped": "stopped",
    "cancelled": "discarded",
    "failed": "failed",
}
"""Labels of the states of runs and searches."""

_LINK = re.compile(r"(?<=://)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|$~:{}!])")


def escape(text: str) -> str:
    r"""Escape text of a file or an error for Streamlit Markdown.

    An invisible word joiner keeps URLs and e-mail addresses from becoming links.

    Example:
        >>> escape("*income* in $")
        '\\*income\\* in \\$'
    """
    return _MARKDOWN.sub(r"\\\1", _LINK.sub("\u2060", text.replace("\n", " ")))


def count(number: int, one: str, many: str | None = None) -> str:
    """``1 row``, ``30,000 rows``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: list[str] | tuple[str, ...], max_names: int = 8) -> str:
    """Names separated by commas, at most ``max_names``, then the number of the others."""
    shown = ", ".join(names[:max_names])
    return f"{shown} and {len(names) - max_names} more" if len(names) > max_names else shown


def megabytes(num_bytes: int) -> str:
    """File size: ``12.3 kB``, ``4.5 MB``."""
    if num_bytes < 1_000_000:
        return f"{max(num_bytes / 1000, 0.1):,.1f} kB"
    return f"{num_bytes / 1_000_000:,.1f} MB"


def memory(num_bytes: int) -> str:
    """``230 MB``, ``1.4 GB``."""
    return f"{num_bytes / 1e6:,.0f} MB" if num_bytes < 1e9 else f"{num_bytes / 1e9:,.1f} GB"


def moment(when: datetime) -> str:
    """``24 Nov 2026 09:05:12``, local time.

    Used in select boxes: the browser identifies an entry by its label, so labels must be unique and constant.
    """
    return f"{when.astimezone():%d %b %Y %H:%M:%S}"


def duration(seconds: float) -> str:
    """``less than 1 s``, ``8 s``, ``2 min 05 s``, ``1 h 03 min``."""
    whole = round(seconds)
    if whole < 1:
        return "less than 1 s"
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def share(value: float) -> str:
    """A share in [0, 1] as a percentage; below 1% with two digits."""
    percent = 100 * value
    return f"{percent:.2f}%" if 0 < percent < 1 else f"{percent:.1f}%"
