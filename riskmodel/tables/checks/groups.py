"""Connected components of linked columns."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

MAX_PAIRED_COLUMNS = 5_000
"""Largest number of columns compared in pairs; of more columns, the first ones are compared."""


def group_linked(linked: npt.NDArray[np.bool_]) -> list[tuple[int, ...]]:
    """Connected components with at least two members, each ascending, ordered by their first member.

    Args:
        linked: (k, k) symmetric; the diagonal does not count.

    Example:
        >>> group_linked(np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]], dtype=bool))
        [(0, 2)]
    """
    open_places = set(range(len(linked)))
    groups = []
    for start in range(len(linked)):
        if start not in open_places:
            continue
        open_places.discard(start)
        group, waiting = [start], [start]
        while waiting:
            near = [int(place) for place in np.flatnonzero(linked[waiting.pop()]) if int(place) in open_places]
            open_places.difference_update(near)
            group += near
            waiting += near
        if len(group) > 1:
            groups.append(tuple(sorted(group)))
    return groups
