"""Order of the common queue of runs and searches.

Jobs are ordered by submission time (`runs.created_at`, `searches.queued_at`), oldest first.
Moving a job redistributes the times of the queued jobs in ``queue_key``, so later submissions still come last.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from riskmodel.workspace.storage import database as db

_WAITS_SINCE: Mapping[str, sa.Column[Any]] = {
    db.runs.name: db.runs.c.created_at,
    db.searches.name: db.searches.c.queued_at,
}
_TABLES = (db.runs, db.searches)


def order_of(table: sa.Table) -> sa.ColumnElement[float]:
    """Sort key of the queued jobs of a table, smallest first."""
    return sa.func.coalesce(table.c.queue_key, _WAITS_SINCE[table.name])


def waiting_ids(connection: sa.Connection) -> list[str]:
    """Ids of all queued jobs, next first."""
    return [job_id for job_id, _ in _waiting(connection)]


def move(connection: sa.Connection, job_id: str, place: int) -> bool:
    """Move a queued job to a position (1-based; beyond the end is the end); False if it is not queued.

    The connection must be for writing. Concurrent moves wait for this transaction.
    """
    if connection.dialect.name == "postgresql":
        for table in _TABLES:
            locked = sa.select(table.c.id).where(table.c.state == "queued").order_by(table.c.id).with_for_update()
            connection.execute(locked).all()
    before = _waiting(connection)
    ids = [waiting_id for waiting_id, _ in before]
    if job_id not in ids:
        return False
    ids.remove(job_id)
    ids.insert(max(place, 1) - 1, job_id)
    key = -math.inf
    for new_id, (earlier, since) in zip(ids, before, strict=True):
        key = max(since, math.nextafter(key, math.inf))  # strictly increasing, for equal submission times
        if new_id == earlier and key == since:
            continue
        for table in _TABLES:
            same = table.c.id == new_id, table.c.state == "queued"
            connection.execute(sa.update(table).where(*same).values(queue_key=key))
    return True


def _waiting(connection: sa.Connection) -> list[tuple[str, float]]:
    selects = [
        sa.select(table.c.id, order_of(table).label("since")).where(table.c.state == "queued") for table in _TABLES
    ]
    waiting = sa.union_all(*selects).subquery()
    rows = connection.execute(sa.select(waiting).order_by(waiting.c.since, waiting.c.id)).all()
    return [(row.id, row.since) for row in rows]
