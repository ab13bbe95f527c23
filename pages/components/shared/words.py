"""Small pieces of text: escaped names, counts, times."""

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
"""States of runs and searches as pages name them."""

_LINK = re.compile(r"(?<=://)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|$~:{}!])")


def escape(text: str) -> str:
    r"""Text of a file or an error, to be shown as it is where Streamlit reads Markdown.

    An invisible word joiner keeps addresses of the web and of mail from becoming links.

    Example:
        >>> escape("*income* in $")
        '\\*income\\* in \\$'
    """
    return _MARKDOWN.sub(r"\\\1", _LINK.sub("\u2060", text.replace("\n", " ")))


def count(number: int, one: str, many: str | None = None) -> str:
    """``1 row``, ``30,000 rows``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: list[str] | tuple[str, ...], most: int = 8) -> str:
    """Names with commas, the rest as a number."""
    shown = ", ".join(names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def megabytes(num_bytes: int) -> str:
    """A file's size for a person."""
    if num_bytes < 1_000_000:
        return f"{max(num_bytes / 1000, 0.1):,.1f} kB"
    return f"{num_bytes / 1_000_000:,.1f} MB"


def memory(num_bytes: int) -> str:
    """``230 MB``, ``1.4 GB``."""
    return f"{num_bytes / 1e6:,.0f} MB" if num_bytes < 1e9 else f"{num_bytes / 1e9:,.1f} GB"


def moment(when: datetime) -> str:
    """``24 Nov 2026 09:05:12``, by this machine's clock.

    For lists to choose from: the browser sends back an entry's words, so they must be its own and never change.
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
    """A share in [0, 1] in per cent; a small one keeps two digits."""
    per_cent = 100 * value
    return f"{per_cent:.2f}%" if 0 < per_cent < 1 else f"{per_cent:.1f}%"
