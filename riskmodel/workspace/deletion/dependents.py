"""Dependents of a workspace item."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.wording import count
from riskmodel.workspace.storage import tables

Kind = Literal["source", "dataset", "draft", "run", "search", "scoring"]

NOUNS: dict[Kind, str] = {
    "source": "uploaded file",
    "dataset": "dataset",
    "draft": "draft configuration",
    "run": "run",
    "search": "search",
    "scoring": "scored file",
}
"""Display name of each kind."""

TABLES: dict[Kind, sa.Table] = {
    "scoring": tables.scorings,
    "run": tables.runs,
    "search": tables.searches,
    "draft": tables.draft_steps,
    "dataset": tables.datasets,
    "source": tables.sources,
}
"""The table of each kind, in the order of deletion: referring rows first."""


@dataclass(frozen=True)
class Dependent:
    """A workspace item that has or is a dependent.

    Attributes:
        kind: kind of item.
        id: its id; a draft has its dataset's.
        name: given by the analyst.
        state: of a run or search; empty for the others.
    """

    kind: Kind
    id: str
    name: str
    state: str = ""

    @property
    def is_live(self) -> bool:
        """Whether it is a run or search that has not ended."""
        return self.state in tables.LIVE_STATES

    def describe(self) -> str:
        """Kind, name and id: ``run 'first' (run-ade3c05622)``."""
        return f"{NOUNS[self.kind]} '{self.name}'" + ("" if self.kind == "draft" else f" ({self.id})")


def describe_counts(items: Sequence[Dependent]) -> str:
    """Count of each kind: ``1 dataset, 2 runs``."""
    counts = Counter(item.kind for item in items)
    words = []
    for kind, number in counts.items():
        noun = NOUNS[kind]
        many = {"search": "searches", "draft": "draft configurations"}.get(kind, f"{noun}s")
        words.append(count(number, noun, many))
    return ", ".join(words)


def read_item(connection: sa.Connection, kind: Kind, item_id: str) -> Dependent:
    """An item by its id.

    Raises:
        WorkspaceError: the item does not exist.
    """
    found = list_items(connection, kind, TABLES[kind].c.id == item_id)
    if not found:
        raise WorkspaceError(f"There is no {NOUNS[kind]} '{item_id}' in this workspace.")
    return found[0]


def exists(connection: sa.Connection, kind: Kind, item_id: str) -> bool:
    """Whether the item exists."""
    table = TABLES[kind]
    return connection.scalar(sa.select(table.c.id).where(table.c.id == item_id)) is not None


def list_items(connection: sa.Connection, kind: Kind, which: sa.ColumnElement[bool] | None = None) -> list[Dependent]:
    """The items of one kind, oldest first, optionally filtered."""
    columns = TABLES[kind].c
    rows = connection.execute(
        sa.select(TABLES[kind]).where(sa.true() if which is None else which).order_by(columns.created_at, columns.id)
    ).all()
    return [Dependent(kind, row["id"], _title(row), row.get("state", "")) for row in (row._mapping for row in rows)]


def _title(row: sa.RowMapping) -> str:
    name = str(row.get("name") or row.get("input_name"))
    return f"{name} · v{row['version']}" if row.get("version", 1) > 1 else name


def find_dependents(connection: sa.Connection, item: Dependent) -> list[Dependent]:
    """Direct and indirect dependents of an item; sources first, scored files last.

    Of a source: files joined from it, datasets made from it or from those, and files scored from it. Of a
    dataset: its later versions if it is the first one, its draft, its runs (also archived and deleted ones),
    its searches, and files scored with the runs' models. Of a scored file: none.
    """
    sources = _joined_from(connection, item.id) if item.kind == "source" else []
    source_ids = [item.id, *(source.id for source in sources)] if item.kind == "source" else []
    of = tables.datasets.c
    datasets = list_items(connection, "dataset", of.source_id.in_(source_ids))
    first_ids = [*(dataset.id for dataset in datasets), *([item.id] if item.kind == "dataset" else [])]
    known = {item.id, *first_ids}
    versions = list_items(connection, "dataset", of.version_of.in_(first_ids) & of.id.not_in(known))
    dataset_ids = [*first_ids, *(version.id for version in versions)]
    runs = list_items(connection, "run", tables.runs.c.dataset_id.in_(dataset_ids))
    searches = list_items(connection, "search", tables.searches.c.dataset_id.in_(dataset_ids))
    run_ids = [run.id for run in runs]
    made = tables.scorings.c.run_id.in_(run_ids) | tables.scorings.c.source_id.in_(source_ids)
    scorings = list_items(connection, "scoring", made)
    drafts = _drafts(connection, dataset_ids)
    return [*sources, *datasets, *versions, *drafts, *runs, *searches, *scorings]


def _joined_from(connection: sa.Connection, source_id: str) -> list[Dependent]:
    """The sources derived from a source, transitively."""
    columns = tables.sources.c
    origins = {
        row.id: set(json.loads(row.origin)["source_ids"])
        for row in connection.execute(sa.select(columns.id, columns.origin).where(columns.origin.is_not(None)))
    }
    found = {source_id}
    while new := {derived_id for derived_id, parents in origins.items() if derived_id not in found and parents & found}:
        found |= new
    return list_items(connection, "source", columns.id.in_(found - {source_id}))


def _drafts(connection: sa.Connection, dataset_ids: Collection[str]) -> list[Dependent]:
    steps, datasets = tables.draft_steps.c, tables.datasets.c
    drafted = sa.select(steps.dataset_id).where(steps.dataset_id.in_(dataset_ids))
    return [
        Dependent("draft", item.id, item.name) for item in list_items(connection, "dataset", datasets.id.in_(drafted))
    ]
