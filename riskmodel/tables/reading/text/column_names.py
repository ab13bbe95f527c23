"""Unique, non-blank names for a table's columns."""

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import count

from riskmodel.errors import DataError
from riskmodel.tables.files.source import show_name
from riskmodel.tables.reading.text.row_limits import MAX_COLUMNS

_MAX_NOTES = 20
MAX_NAME_LENGTH = 10_000
"""Most characters of a column's name; survey questions take some hundreds."""


def make_usable(
    path: str | os.PathLike[str], header: Sequence[str], places: Sequence[str] | None = None
) -> tuple[list[str], tuple[str, ...]]:
    """The names, and a message for each that was changed.

    A column with a blank name is named by its position; a duplicate name gets a number.

    Args:
        path: The file.
        header: The names in the file.
        places: Names for columns without one; by default ``column 1`` and so on.

    Raises:
        DataError: There are too many columns, or a name has too many characters.

    Example:
        >>> make_usable("customers.csv", ["id", "", "id"])[0]
        ['id', 'column 2', 'id (2)']
    """
    check_names(path, header)
    places = places or [f"column {number}" for number in range(1, len(header) + 1)]
    names: list[str] = []
    notes = []
    taken, used = set(header), set[str]()
    numbers: defaultdict[str, Iterator[int]] = defaultdict(lambda: count(2))
    for place, name in zip(places, header, strict=True):
        usable = name if name.strip() else place
        if name.strip() and name not in used:
            used.add(name)
        elif name.strip():
            usable = next(candidate for n in numbers[name] if (candidate := f"{name} ({n})") not in taken)
            notes.append(f"The name {name!r} is used more than once: {place} is called {usable!r}.")
        else:
            while usable in taken:
                usable += "'"
            notes.append(f"{place[0].upper()}{place[1:]} has no name: it is called {usable!r}.")
        names.append(usable)
        taken.add(usable)
    if len(notes) > _MAX_NOTES:
        notes[_MAX_NOTES:] = [f"{len(notes) - _MAX_NOTES:,} more columns are called differently in the same way."]
    return names, tuple(notes)


def check_names(path: str | os.PathLike[str], names: Sequence[str]) -> None:
    """Raise DataError if there are too many names, or one has too many characters."""
    if len(names) > MAX_COLUMNS:
        raise DataError(
            f"File {show_name(path)} has {len(names):,} columns; at most {MAX_COLUMNS:,} can be read. Leave columns "
            "out."
        )
    for number, name in enumerate(names, 1):
        if len(name) > MAX_NAME_LENGTH:
            raise DataError(
                f"File {show_name(path)}: the name of column {number:,} has {len(name):,} characters "
                f"({name[:20]!r}…); at most {MAX_NAME_LENGTH:,} can be read. Check the format settings, or shorten "
                "the name."
            )
