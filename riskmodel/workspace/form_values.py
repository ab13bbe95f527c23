"""Values of a form that are kept with a dataset or a run: the search form, sources of missing columns."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.storage import database as db


class FormValues:
    """One set of values for each owner, shared by all browsers; deleted with its owner.

    Args:
        database: Of the workspace.
        table: With the columns ``owner_id``, ``form`` and ``made_at``.

    Example:
        >>> workspace.search_forms.put(dataset.id, {"trials": 30})  # doctest: +SKIP
        >>> workspace.search_forms.get(dataset.id)  # doctest: +SKIP
        {'trials': 30}
    """

    def __init__(self, database: db.Database, table: sa.Table) -> None:
        self._database = database
        self._table = table

    def get(self, owner_id: str) -> dict[str, Any] | None:
        """The values, as in JSON; None without any, and for damaged ones."""
        mine = sa.select(self._table.c.form).where(self._table.c.owner_id == owner_id)
        with self._database.reading() as connection:
            text: str | None = connection.scalar(mine)
        try:
            values = json.loads(text or "null")
        except (ValueError, RecursionError):
            return None
        return values if isinstance(values, dict) else None

    def put(self, owner_id: str, values: Mapping[str, Any]) -> None:
        """Replace the values; an empty mapping removes them.

        Args:
            owner_id: Of a dataset or run of this workspace.
            values: By name, as in JSON.

        Raises:
            WorkspaceError: there is no such dataset or run, or the database is not writable.
        """
        row = {"owner_id": owner_id, "form": json.dumps(dict(values), ensure_ascii=False), "made_at": time.time()}
        try:
            with self._database.writing() as connection:
                connection.execute(sa.delete(self._table).where(self._table.c.owner_id == owner_id))
                if values:
                    connection.execute(sa.insert(self._table).values(row))
        except sa.exc.IntegrityError as error:
            raise WorkspaceError(f"There is no {owner_id!r} in this workspace; nothing was stored.") from error
