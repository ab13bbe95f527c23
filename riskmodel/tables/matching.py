"""A file's columns against a model's, by name: their order does not matter."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from riskmodel.errors import DataError


@dataclass(frozen=True)
class MissingColumn:
    """A column that the model needs and the file lacks.

    Attributes:
        name: the model's name of it.
        close: up to three columns of the file that are called much like it.
    """

    name: str
    close: tuple[str, ...]


@dataclass(frozen=True)
class ColumnMatch:
    """How a file fits a model.

    Attributes:
        found: columns that the model needs and the file has.
        missing: columns that the model needs and the file lacks; scoring needs all of them.
        extra: columns of the file that were not in the training file either; they are kept and not looked at.
    """

    found: tuple[str, ...]
    missing: tuple[MissingColumn, ...]
    extra: tuple[str, ...]

    def check(self) -> None:
        """Say which columns are missing.

        Raises:
            DataError: at least one is.
        """
        if not self.missing:
            return
        named = "; ".join(
            f"'{column.name}'" + (f" (the file has {_listed(column.close)})" if column.close else "")
            for column in self.missing[:10]
        )
        more = f"; and {len(self.missing) - 10} more" if len(self.missing) > 10 else ""
        plural = "s" if len(self.missing) > 1 else ""
        raise DataError(
            f"The file lacks {len(self.missing)} column{plural} that the model needs: {named}{more}. "
            f"Add the column{plural}, or rename the file's to match."
        )


def match_columns(needed: Iterable[str], names: Iterable[str], known: Iterable[str] = ()) -> ColumnMatch:
    """Compare the columns a model needs with those of a file.

    Args:
        needed: columns the model learned from.
        names: the file's columns.
        known: all columns of the training file, used or not.

    Example:
        >>> match_columns(["income"], ["Income ", "note"]).missing
        (MissingColumn(name='income', close=('Income ',)),)
    """
    wanted, available = list(needed), list(names)
    there = set(available)
    expected = {*wanted, *known}
    free = [name for name in available if name not in expected]
    return ColumnMatch(
        found=tuple(name for name in wanted if name in there),
        missing=tuple(MissingColumn(name, _find_close(name, free)) for name in wanted if name not in there),
        extra=tuple(free),
    )


def _find_close(name: str, names: list[str]) -> tuple[str, ...]:
    plain: dict[str, str] = {}
    for other in names:
        plain.setdefault(_plain(other), other)
    return tuple(plain[found] for found in difflib.get_close_matches(_plain(name), plain, n=3, cutoff=0.7))


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum()) or name


def _listed(names: tuple[str, ...]) -> str:
    return " or ".join(f"'{name}'" for name in names)
