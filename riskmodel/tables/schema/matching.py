"""Matching of a file's columns with a model's, by name and independent of order."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from riskmodel.errors import DataError
from riskmodel.wording import listed, plural, quoted

_SEPARATORS = re.compile(r"[\s_.\-]+")


@dataclass(frozen=True)
class MissingColumn:
    """A column that the model needs and the file lacks.

    Attributes:
        name: the model's name of it.
        close: up to three columns of the file with similar names.
    """

    name: str
    close: tuple[str, ...]


@dataclass(frozen=True)
class ColumnMatch:
    """Result of matching a file's columns with a model's.

    Attributes:
        found: columns that the model needs and the file has.
        missing: columns that the model needs and the file lacks; scoring needs all of them.
        extra: columns of the file that were not in the training file; they are kept and not used.
    """

    found: tuple[str, ...]
    missing: tuple[MissingColumn, ...]
    extra: tuple[str, ...]

    def check(self) -> None:
        """Raise an error that lists missing columns.

        Raises:
            DataError: at least one is.
        """
        if not self.missing:
            return
        named = "; ".join(
            f"'{missing.name}'"
            + (f" (the file has {listed(quoted(missing.close), final='or')})" if missing.close else "")
            for missing in self.missing[:10]
        )
        more = f"; and {len(self.missing) - 10} more" if len(self.missing) > 10 else ""
        column = plural(len(self.missing), "column", "columns")
        raise DataError(
            f"The file lacks {len(self.missing):,} {column} that the model needs: {named}{more}. "
            f"Add the {column}, or rename the file's to match."
        )


def match_columns(needed: Iterable[str], names: Iterable[str], known: Iterable[str] = ()) -> ColumnMatch:
    """Compare the columns a model needs with those of a file.

    Args:
        needed: input columns of the model.
        names: the file's columns.
        known: all columns of the training file, used or not.

    Example:
        >>> match_columns(["income"], ["Incomes", "note"]).missing
        (MissingColumn(name='income', close=('Incomes',)),)
    """
    required, available = list(needed), list(names)
    there = set(available)
    expected = {*required, *known}
    free = [name for name in available if name not in expected]
    return ColumnMatch(
        found=tuple(name for name in required if name in there),
        missing=tuple(MissingColumn(name, _find_close(name, free)) for name in required if name not in there),
        extra=tuple(free),
    )


def find_renamed(needed: Iterable[str], names: Iterable[str], known: Iterable[str] = ()) -> dict[str, str]:
    """Renamed columns: column of a file to needed column, where the names differ only in spelling.

    That is in case, spaces, underscores, hyphens and points. Only columns missing in the file are matched, with
    columns whose names are unknown, and only if the match is unique on both sides.

    Args:
        needed, names, known: As for `match_columns`.

    Example:
        >>> find_renamed(["annual_income", "age"], ["Annual Income ", "age"])
        {'Annual Income ': 'annual_income'}
        >>> find_renamed(["income"], ["Income", "INCOME"])
        {}
    """
    required, available = list(needed), list(names)
    expected = {*required, *known}
    missing = Counter(_key(name) for name in required if name not in set(available))
    free = Counter(_key(name) for name in available if name not in expected)
    by_key = {_key(name): name for name in required}
    return {
        name: by_key[_key(name)]
        for name in available
        if name not in expected and free[_key(name)] == missing.get(_key(name)) == 1
    }


def _key(name: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", name).casefold()) or name


def _find_close(name: str, names: list[str]) -> tuple[str, ...]:
    plain: dict[str, list[str]] = {}
    for other in names:
        plain.setdefault(_plain(other), []).append(other)
    close = difflib.get_close_matches(_plain(name), plain, n=3, cutoff=0.7)
    return tuple(other for key in close for other in plain[key])[:3]


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum()) or name
