"""The tables of the workspace's database; a change needs a step in `riskmodel.workspace.storage.migrations`."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

LIVE_STATES = ("queued", "running")
"""States of a run or search that has not ended."""

metadata = sa.MetaData()

schema_version = sa.Table("schema_version", metadata, sa.Column("version", sa.Integer, primary_key=True))

sources = sa.Table(
    "sources",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("num_bytes", sa.BigInteger, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("origin", sa.Text),
)

datasets = sa.Table(
    "datasets",
    metadata,
    sa.Column("id", sa.String(16), primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("source_id", sa.ForeignKey("sources.id")),
    sa.Column("num_rows", sa.BigInteger, nullable=False),
    sa.Column("num_columns", sa.Integer, nullable=False),
    sa.Column("num_bads", sa.BigInteger, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
    # The first version of the same data; null for the first one itself.
    sa.Column("version_of", sa.String(16), sa.ForeignKey("datasets.id")),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
)


def _job_columns() -> list[sa.Column[Any]]:
    """Columns common to runs and searches."""
    return [
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("dataset_id", sa.ForeignKey("datasets.id"), nullable=False),
        sa.Column("config", sa.Text, nullable=False),
        sa.Column("device_requested", sa.String(8), nullable=False),
        sa.Column("device_used", sa.String(8)),
        sa.Column("device_note", sa.Text, nullable=False, server_default=""),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("stop_requested", sa.Boolean, nullable=False),
        sa.Column("phase", sa.Text, nullable=False, server_default=""),
        sa.Column("progress", sa.Text),
        sa.Column("error", sa.Text),
        sa.Column("notes", sa.Text, nullable=False, server_default="[]"),
        sa.Column("supervisor", sa.Text),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("started_at", sa.Double),
        sa.Column("finished_at", sa.Double),
        sa.Column("heartbeat_at", sa.Double),
        # Queue position as a time, once a job has been moved; null before.
        sa.Column("queue_key", sa.Double),
    ]


def _result_columns(jobs: sa.Table, job_id: str, number: str) -> list[sa.Column[Any]]:
    """Columns of numbered results, which are deleted with their run or search."""
    return [
        sa.Column(job_id, sa.ForeignKey(jobs.c.id, ondelete="CASCADE"), primary_key=True),
        sa.Column(number, sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("result", sa.Text, nullable=False),
    ]


# Times are seconds since 1970 (UTC); values with structure are JSON text, so that both databases store them alike.
runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", sa.String(14), primary_key=True),
    *_job_columns(),
    sa.Column("tags", sa.Text, nullable=False),
    sa.Column("metrics", sa.Text),
    sa.Column("best_epoch", sa.Integer),
    sa.Column("has_model", sa.Boolean, nullable=False),
    sa.Column("remarks", sa.Text, nullable=False, server_default=""),
    sa.Column("archived", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("deleted_at", sa.Double),
    # As `deleted_at`, by the workspace's time in use, which does not depend on the clock.
    sa.Column("deleted_in_use", sa.Double),
    # The resumed run; not a foreign key, since that run may be deleted.
    sa.Column("continues", sa.String(14)),
    sa.Index("runs_by_state", "state", "created_at"),
)

epochs = sa.Table("epochs", metadata, *_result_columns(runs, "run_id", "epoch"))

searches = sa.Table(
    "searches",
    metadata,
    sa.Column("id", sa.String(17), primary_key=True),
    *_job_columns(),
    sa.Column("search", sa.Text, nullable=False),
    sa.Column("queued_at", sa.Double, nullable=False),
    sa.Index("searches_by_state", "state", "queued_at"),
)

trials = sa.Table("trials", metadata, *_result_columns(searches, "search_id", "number"))

scorings = sa.Table(
    "scorings",
    metadata,
    sa.Column("id", sa.String(18), primary_key=True),
    sa.Column("run_id", sa.ForeignKey("runs.id", ondelete="SET NULL")),
    sa.Column("input_name", sa.Text, nullable=False),
    sa.Column("report", sa.Text, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
    # The scored source; null for older scored files.
    sa.Column("source_id", sa.String(16), sa.ForeignKey("sources.id")),
)

draft_steps = sa.Table(
    "draft_steps",
    metadata,
    sa.Column("dataset_id", sa.ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("step", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("config", sa.Text, nullable=False),
    sa.Column("is_current", sa.Boolean, nullable=False),
    sa.Column("made_at", sa.Double, nullable=False),
)


def _form_table(name: str, owner: sa.Column[Any]) -> sa.Table:
    """Values of a form as JSON, deleted with their owner."""
    return sa.Table(
        name,
        metadata,
        sa.Column("owner_id", sa.ForeignKey(owner, ondelete="CASCADE"), primary_key=True),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("made_at", sa.Double, nullable=False),
    )


search_forms = _form_table("search_forms", datasets.c.id)

# By run: the columns of files to score that are read as inputs of its model.
column_sources = _form_table("column_sources", runs.c.id)

# Deleted items: written in the transaction that deletes the rows, so that files are removed even after a crash.
deletions = sa.Table(
    "deletions",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("deleted_id", sa.String(18), nullable=False),
    sa.Column("deleted_at", sa.Double, nullable=False),
    sa.Column("files_removed", sa.Boolean, nullable=False),
)

# One row: the workspace folder of the database, and the workspace's time in use.
identity = sa.Table(
    "workspace",
    metadata,
    sa.Column("key", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.String(32), nullable=False),
    sa.Column("home", sa.Text, nullable=False),
    sa.Column("seconds_in_use", sa.Double, nullable=False),
    sa.Column("seen_at", sa.Double, nullable=False),
)
