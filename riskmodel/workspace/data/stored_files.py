"""Files that are named by the hash of their content: uploaded files and datasets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.data.additions import Additions
from riskmodel.workspace.deletion.deletions import Deletions
from riskmodel.workspace.deletion.dependents import NOUNS, TABLES, Dependent
from riskmodel.workspace.storage.database import Database
from riskmodel.workspace.storage.files import make_folder


class StoredFiles:
    """Rows and files of one kind, each file named by the hash of its content.

    Args:
        kind: ``source`` or ``dataset``.
        advice: What to do if an id is unknown.

    Attributes:
        folder: of the files.
    """

    def __init__(
        self, kind: Literal["source", "dataset"], advice: str, database: Database, folder: Path, deletions: Deletions
    ) -> None:
        self._database = database
        self.folder = make_folder(folder)
        self._kind, self._advice = kind, advice
        self._rows = TABLES[kind]
        self._additions = Additions(database, folder, kind)
        self._deletions = deletions

    def check_id(self, file_id: str) -> str:
        """The id itself, safe to use in a path.

        Raises:
            WorkspaceError: it is invalid.
        """
        if not re.fullmatch(r"[0-9a-f]{16}", file_id):
            raise WorkspaceError(f"{file_id!r} is not a valid {self._kind} id: it must be 16 hexadecimal digits.")
        return file_id

    def get(self, file_id: str) -> sa.Row[Any]:
        """The row of a file.

        Raises:
            WorkspaceError: the id is unknown.
        """
        with self._database.reading() as connection:
            row = connection.execute(sa.select(self._rows).where(self._rows.c.id == self.check_id(file_id))).first()
        if row is None:
            raise WorkspaceError(f"There is no {NOUNS[self._kind]} {file_id!r} in this workspace. {self._advice}")
        return row

    def newest(self) -> Sequence[sa.Row[Any]]:
        """The rows of all files, newest first."""
        with self._database.reading() as connection:
            return connection.execute(sa.select(self._rows).order_by(self._rows.c.created_at.desc())).all()

    def adding(self, new_id: str) -> AbstractContextManager[sa.Connection]:
        """A connection for adding a row with its file (`Additions.adding`)."""
        return self._additions.adding(new_id)

    def remove_leftovers(self) -> list[Path]:
        """Remove the files of interrupted additions; returns their markers."""
        return self._additions.remove_leftovers()

    def dependents(self, file_id: str) -> tuple[Dependent, ...]:
        """Direct and indirect dependents of a file (rules: `find_dependents`).

        Raises:
            WorkspaceError: the id is unknown.
        """
        return self._deletions.dependents(self._kind, self.check_id(file_id))

    def delete(self, file_id: str, *, with_dependents: bool = False) -> tuple[Dependent, ...]:
        """Permanently delete a file with its rows.

        Args:
            file_id: id of the source or dataset.
            with_dependents: also delete everything that depends on it; if False, dependents are an error.

        Returns:
            The dependents that were deleted with it.

        Raises:
            WorkspaceError: it has dependents, one of them is a live run or search, or the id is unknown;
                nothing is deleted then.
        """
        return self._deletions.delete(self._kind, self.check_id(file_id), with_dependents=with_dependents)
