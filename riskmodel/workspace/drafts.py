"""Draft configurations: the edited configuration of a dataset, saved at every change, with undo and redo."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass

import sqlalchemy as sa

from riskmodel.config.merge import merge_changes
from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError
from riskmodel.workspace.storage import database as db

MAX_STEPS = 100
"""Undo steps kept per dataset; older ones are removed."""


@dataclass(frozen=True)
class Draft:
    """The current draft configuration.

    Attributes:
        config: the configuration.
        can_undo, can_redo: whether undo and redo are possible.
    """

    config: RunConfig
    can_undo: bool
    can_redo: bool


class Drafts:
    """One draft per dataset, shared by all browsers; a changed field in one tab keeps the changes of other tabs.

    Example:
        >>> workspace.drafts.put(dataset.id, preset("fast"))  # doctest: +SKIP
        >>> workspace.drafts.put(dataset.id, preset("best"))  # doctest: +SKIP
        >>> workspace.drafts.undo(dataset.id).config == preset("fast")  # doctest: +SKIP
        True
    """

    def __init__(self, database: db.Database) -> None:
        self._database = database

    def get(self, dataset_id: str) -> Draft | None:
        """The draft of a dataset; None if there is none or it is of another version of the program."""
        with self._database.reading() as connection:
            return _read(connection, dataset_id)

    def newest_dataset(self) -> str | None:
        """The dataset of the most recent draft; None without drafts."""
        steps = db.draft_steps.c
        with self._database.reading() as connection:
            newest: str | None = connection.scalar(sa.select(steps.dataset_id).order_by(steps.made_at.desc()).limit(1))
        return newest

    def put(self, dataset_id: str, config: RunConfig, base: RunConfig | None = None) -> Draft:
        """Add a step and remove undone steps. An unchanged configuration adds no step.

        Args:
            config: The configuration in this tab.
            base: The draft it was edited from. Only the changes since then are applied to the draft, which another
                tab may have changed. None replaces the whole draft; so do changes that are invalid together.

        Returns:
            The current draft, which may include changes from another tab.

        Raises:
            WorkspaceError: the database is not writable.
        """
        with self._database.writing() as connection:
            now = _current(connection, dataset_id)
            stored = _read(connection, dataset_id)
            if base is not None and stored is not None and stored.config != base:
                with suppress(ConfigError):  # the changes of both tabs are invalid together: the later wins
                    config = merge_changes(base, config, stored.config)
            text = config.to_json()
            if now is None or _step(connection, dataset_id, now) != text:
                new = 0 if now is None else now + 1
                _remove_steps(connection, dataset_id, db.draft_steps.c.step >= new)
                _remove_steps(connection, dataset_id, db.draft_steps.c.step <= new - MAX_STEPS)
                values = {"dataset_id": dataset_id, "step": new, "config": text, "is_current": False}
                connection.execute(sa.insert(db.draft_steps).values(**values, made_at=time.time()))
                _move(connection, dataset_id, new)
            draft = _read(connection, dataset_id)
        assert draft is not None
        return draft

    def undo(self, dataset_id: str) -> Draft | None:
        """Undo one step if possible; returns the draft."""
        return self._go(dataset_id, -1)

    def redo(self, dataset_id: str) -> Draft | None:
        """Redo one step if possible; returns the draft."""
        return self._go(dataset_id, 1)

    def _go(self, dataset_id: str, by: int) -> Draft | None:
        with self._database.writing() as connection:
            now = _current(connection, dataset_id)
            if now is not None and _step(connection, dataset_id, now + by) is not None:
                _move(connection, dataset_id, now + by)
            return _read(connection, dataset_id)


def _step(connection: sa.Connection, dataset_id: str, step: int) -> str | None:
    steps = db.draft_steps.c
    chosen = sa.select(steps.config).where(steps.dataset_id == dataset_id, steps.step == step)
    text: str | None = connection.scalars(chosen).first()
    return text


def _current(connection: sa.Connection, dataset_id: str) -> int | None:
    steps = db.draft_steps.c
    return connection.scalar(sa.select(steps.step).where(steps.dataset_id == dataset_id, steps.is_current))


def _move(connection: sa.Connection, dataset_id: str, step: int) -> None:
    of_dataset = sa.update(db.draft_steps).where(db.draft_steps.c.dataset_id == dataset_id)
    connection.execute(of_dataset.values(is_current=db.draft_steps.c.step == step))


def _remove_steps(connection: sa.Connection, dataset_id: str, which: sa.ColumnElement[bool]) -> None:
    connection.execute(sa.delete(db.draft_steps).where(db.draft_steps.c.dataset_id == dataset_id, which))


def _read(connection: sa.Connection, dataset_id: str) -> Draft | None:
    now = _current(connection, dataset_id)
    if now is None:
        return None
    try:
        config = RunConfig.from_json(_step(connection, dataset_id, now) or "")
    except ConfigError:  # written by another version of the program
        return None
    before, after = (_step(connection, dataset_id, now + by) is not None for by in (-1, 1))
    return Draft(config, before, after)
