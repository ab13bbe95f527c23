"""Text formatting of the pages: escaped names, local times."""

from __future__ import annotations

import re
from datetime import datetime

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


def moment(when: datetime) -> str:
    """``24 Nov 2026 09:05:12``, local time.

    Used in select boxes: the browser identifies an entry by its label, so labels must be unique and constant.
    """
    return f"{when.astimezone():%d %b %Y %H:%M:%S}"
