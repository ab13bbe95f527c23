"""Tags of runs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from riskmodel.errors import WorkspaceError

LONGEST_TAG = 50


def clean_tags(tags: Sequence[str]) -> tuple[str, ...]:
    """Tags with normalized whitespace, unique ignoring case, in order.

    Raises:
        WorkspaceError: one is longer than `LONGEST_TAG`.

    Example:
        >>> clean_tags([" champion ", "Q3  model", "Champion", ""])
        ('champion', 'Q3 model')
    """
    found: dict[str, str] = {}
    for tag in tags:
        words = " ".join(tag.split())
        if len(words) > LONGEST_TAG:
            raise WorkspaceError(
                f"A tag has at most {LONGEST_TAG} characters; {words[:20]!r}… has {len(words)}. Put it into the notes."
            )
        if words:
            found.setdefault(words.casefold(), words)
    return tuple(found.values())


def write_tags(tags: Sequence[str]) -> str:
    """Tags as stored."""
    return json.dumps(list(tags), ensure_ascii=False)
