"""Scored files: the uploaded customers with their scores, as CSV and Parquet."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.scoring.streaming.stream import ScoringReport, score_file
from riskmodel.scoring.streaming.trained_rows import TrainedCustomers
from riskmodel.scoring.streaming.writing import AS_IN_TRAINING, Writing
from riskmodel.tables.reading.open_table import Layout
from riskmodel.workspace.data.sources import Source
from riskmodel.workspace.deletion.deletions import Deletions
from riskmodel.workspace.deletion.dependents import exists
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.storage.files import disk_errors, incomplete_folder, make_folder, sanitize_name, sync_folder
from riskmodel.workspace.storage.leftovers import remove_incomplete

SCORING_ID = re.compile(r"scoring-[0-9a-f]{10}")
_CSV, _PARQUET = "scored.csv", "scored.parquet"


@dataclass(frozen=True)
class ScoringRecord:
    """One scored file.

    Attributes:
        id: ``scoring-`` and ten hexadecimal digits.
        run_id: the run whose model scored it; None once that run is deleted.
        source_id: the uploaded file; None for one scored by an earlier version.
        input_name: name of the input file.
        report: counts of scored and unscored rows, with reasons.
        created_at: UTC.
        csv_path, parquet_path: the scored rows; in the CSV, cells that a spreadsheet would execute are escaped.
    """

    id: str
    run_id: str | None
    source_id: str | None
    input_name: str
    report: ScoringReport
    created_at: datetime
    csv_path: Path
    parquet_path: Path

    @property
    def csv_name(self) -> str:
        """File name of a download: ``customers-scored.csv`` for ``customers.csv.gz``."""
        return f"{self._stem}-scored.csv"

    @property
    def excel_name(self) -> str:
        """As `csv_name`, for the CSV with a byte order mark."""
        return f"{self._stem}-scored-excel.csv"

    @property
    def parquet_name(self) -> str:
        """As `csv_name`, for Parquet."""
        return f"{self._stem}-scored.parquet"

    @property
    def _stem(self) -> str:
        return sanitize_name(self.input_name).partition(".")[0] or "customers"


class Scorings:
    """The workspace's scored files."""

    def __init__(self, database: db.Database, folder: Path, deletions: Deletions) -> None:
        self._database = database
        self._folder = make_folder(folder)
        self._deletions = deletions

    def score(
        self,
        model: RiskModel,
        run_id: str,
        source: Source,
        on_progress: Callable[[int], None] | None = None,
        how: Layout | None = None,
        writing: Writing = AS_IN_TRAINING,
        warnings: bool = False,
        force: bool = False,
        trained: TrainedCustomers | None = None,
    ) -> ScoringRecord:
        """Score an uploaded file and store the result as CSV and Parquet, both or none.

        Args:
            model: the run's model, loaded.
            run_id: the run of the model.
            source: customers to score; the file is streamed, so its size is not limited by memory.
            on_progress: called with the number of rows done so far.
            how, writing, warnings, force, trained: as for `score_file`.

        Raises:
            DataError: as for `score_file`; nothing is stored.
            WorkspaceError: no space left, or no such run; nothing is stored.

        Example:
            >>> record = workspace.scorings.score(model, run.id, source)  # doctest: +SKIP
        """
        scoring_id = f"scoring-{secrets.token_hex(5)}"
        folder = self._scoring_folder(scoring_id)
        with disk_errors(f"Saving the scores of {source.name!r}", self._folder), incomplete_folder(folder):
            report = score_file(
                model,
                source.path,
                output_csv=folder / _CSV,
                output_parquet=folder / _PARQUET,
                on_progress=on_progress,
                how=how,
                writing=writing,
                warnings=warnings,
                force=force,
                trained=trained,
            )
            sync_folder(folder)
            self._insert(scoring_id, run_id, source, report)
        return self.get(scoring_id)

    def remove_leftovers(self) -> list[Path]:
        """Remove the files of interrupted scorings; returns the removed paths."""
        with self._database.reading() as connection:
            known = set(connection.scalars(sa.select(db.scorings.c.id)))
        return remove_incomplete(self._folder, known)

    def get(self, scoring_id: str) -> ScoringRecord:
        """One scored file.

        Raises:
            WorkspaceError: the id is unknown.
        """
        mine = db.scorings.c.id == _checked(scoring_id)
        with self._database.reading() as connection:
            row = connection.execute(sa.select(db.scorings).where(mine)).first()
        if row is None:
            raise WorkspaceError(
                f"There is no scored file {scoring_id!r} in this workspace. Score its customers again."
            )
        return self._record(row)

    def list(self, run_id: str | None = None) -> list[ScoringRecord]:
        """Scored files, newest first: all, or those of one run."""
        newest = sa.select(db.scorings).order_by(db.scorings.c.created_at.desc(), db.scorings.c.id.desc())
        if run_id is not None:
            newest = newest.where(db.scorings.c.run_id == run_id)
        with self._database.reading() as connection:
            rows = connection.execute(newest).all()
        return [self._record(row) for row in rows]

    def delete(self, scoring_id: str) -> None:
        """Permanently delete a scored file with its row and files; nothing depends on it.

        Raises:
            WorkspaceError: the id is unknown, or a file cannot be removed.
        """
        self._deletions.delete("scoring", _checked(scoring_id))

    def _scoring_folder(self, scoring_id: str) -> Path:
        return self._folder / _checked(scoring_id)

    def _insert(self, scoring_id: str, run_id: str, source: Source, report: ScoringReport) -> None:
        values = {
            "id": scoring_id,
            "run_id": run_id,
            "input_name": source.name,
            "report": json.dumps(report.to_dict(), ensure_ascii=False),
            "created_at": time.time(),
            "source_id": source.id,
        }
        try:
            with self._database.writing() as connection:
                connection.execute(sa.insert(db.scorings).values(values))
        except sa.exc.IntegrityError as error:
            with self._database.reading() as connection:
                missing = f"uploaded file {source.name!r}" if exists(connection, "run", run_id) else f"run {run_id!r}"
            raise WorkspaceError(f"There is no {missing} in this workspace; nothing was stored.") from error

    def _record(self, row: sa.Row[Any]) -> ScoringRecord:
        folder = self._scoring_folder(row.id)
        return ScoringRecord(
            id=row.id,
            run_id=row.run_id,
            source_id=row.source_id,
            input_name=row.input_name,
            report=ScoringReport.from_dict(json.loads(row.report)),
            created_at=datetime.fromtimestamp(row.created_at, UTC),
            csv_path=folder / _CSV,
            parquet_path=folder / _PARQUET,
        )


def _checked(scoring_id: str) -> str:
    if not SCORING_ID.fullmatch(scoring_id):
        raise WorkspaceError(f"{scoring_id!r} is not a valid scored-file id: it must be 'scoring-' and ten hex digits.")
    return scoring_id
