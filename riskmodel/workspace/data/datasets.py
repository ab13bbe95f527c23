"""Typed datasets, each a Parquet file named by the hash of its content."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from riskmodel.errors import DataError, WorkspaceError
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.dataset import dataset_id as hash_file
from riskmodel.workspace.data.stored_files import StoredFiles
from riskmodel.workspace.deletion.deletions import Deletions
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.storage.files import disk_errors, publish, sync, temporary_file


@dataclass(frozen=True)
class DatasetRecord:
    """Metadata of a dataset.

    Attributes:
        id: first 16 hexadecimal digits of the Parquet file's SHA-256; the same table, schema and name give the same.
        name: given by the analyst.
        source_id: the uploaded file it was made from, if any.
        num_rows, num_columns: of the whole table.
        num_bads: rows whose target has the bad value.
        target: the target column's name.
        created_at: UTC.
        path: the Parquet file.
        version_of: id of the first version of the same data; None for a first version.
        version: 1 for a first version, then 2, 3, …
    """

    id: str
    name: str
    source_id: str | None
    num_rows: int
    num_columns: int
    num_bads: int
    target: str
    created_at: datetime
    path: Path
    version_of: str | None = None
    version: int = 1

    @property
    def title(self) -> str:
        """The name, with the version from the second on: ``customers · v2``."""
        return self.name if self.version == 1 else f"{self.name} · v{self.version}"

    @property
    def family(self) -> str:
        """The id of its first version."""
        return self.version_of or self.id


class Datasets:
    """The workspace's datasets.

    Attributes:
        dependents, delete, remove_leftovers: as in `StoredFiles`.
    """

    def __init__(self, database: db.Database, folder: Path, deletions: Deletions) -> None:
        self._files = StoredFiles("dataset", "Upload its file again.", database, folder, deletions)
        self._database = database
        self.dependents, self.delete = self._files.dependents, self._files.delete
        self.remove_leftovers = self._files.remove_leftovers

    def add(self, dataset: Dataset, source_id: str | None = None, version_of: str | None = None) -> DatasetRecord:
        """Store a dataset; an equal one is stored once.

        Args:
            dataset: the dataset.
            source_id: the uploaded file it was made from.
            version_of: any version of the same data; the dataset becomes the next one.

        Raises:
            DataError: the dataset has no target or no bad value yet.
            WorkspaceError: no space left; no such source or version; the workspace already has the same rows, and not
                as a version of these data. Nothing is stored then.
        """
        family = None if version_of is None else self.get(version_of).family
        num_bads = int(np.count_nonzero(dataset.bad() == 1))
        with (
            disk_errors(f"Saving the dataset {dataset.name!r}", self._files.folder),
            temporary_file(self._files.folder, ".dataset-") as temporary,
        ):
            with temporary.open("wb") as stream:
                dataset.write(stream)
            sync(temporary)  # before taking the lock
            new_id = hash_file(temporary)
            values = {
                "id": new_id,
                "name": dataset.name,
                "source_id": source_id,
                "num_rows": dataset.num_rows,
                "num_columns": dataset.table.num_columns,
                "num_bads": num_bads,
                "target": dataset.schema.target,
                "created_at": time.time(),
            }
            self._keep(temporary, values, family)
        record = self.get(new_id)
        if family is not None and record.family != family:
            raise WorkspaceError(
                f"The workspace already has the same rows as the dataset {record.title!r}, which is not a version of "
                f"{self.get(family).name!r}. Open that one, or choose another file."
            )
        return record

    def versions(self, dataset_id: str) -> list[DatasetRecord]:
        """All versions of the same data, oldest first.

        Raises:
            WorkspaceError: the id is unknown.
        """
        family = self.get(dataset_id).family
        ours = sa.select(db.datasets).where((db.datasets.c.id == family) | (db.datasets.c.version_of == family))
        with self._database.reading() as connection:
            rows = connection.execute(ours.order_by(db.datasets.c.version)).all()
        return [self._record(row) for row in rows]

    def get(self, dataset_id: str) -> DatasetRecord:
        """One dataset's record.

        Raises:
            WorkspaceError: the id is unknown.
        """
        return self._record(self._files.get(dataset_id))

    def load(self, dataset_id: str) -> Dataset:
        """Read a dataset from disk.

        Raises:
            WorkspaceError: the id is unknown.
            DataError: its file is missing, altered or unreadable.
        """
        record = self.get(dataset_id)
        try:
            if not record.path.is_file():
                raise DataError(
                    f"The file of the dataset {record.title!r} is missing: there is no file {record.path}. Restore it "
                    "from a copy, or upload the customers again."
                )
            if hash_file(record.path) != record.id:
                raise DataError(
                    f"The file of the dataset {record.title!r} was altered: its content does not match its name "
                    f"{record.path.name}. Restore {record.path} from a copy, or upload the customers again."
                )
            return replace(Dataset.read_parquet(record.path), name=record.name)
        except OSError as error:
            raise DataError(
                f"The file of the dataset {record.title!r} cannot be read: {error.strerror or error} ({record.path}). "
                "Restore it from a copy, or upload the customers again."
            ) from error

    def rename(self, dataset_id: str, name: str) -> DatasetRecord:
        """Rename all versions of a dataset; its id, its rows, and runs and models made from it are unchanged.

        Raises:
            WorkspaceError: the id is unknown, or the name is empty.
        """
        family, name = self.get(dataset_id).family, " ".join(name.split())
        if not name:
            raise WorkspaceError("A dataset needs a name. Enter at least one character.")
        ours = (db.datasets.c.id == family) | (db.datasets.c.version_of == family)
        with self._database.writing() as connection:
            connection.execute(sa.update(db.datasets).where(ours).values(name=name))
        return self.get(dataset_id)

    def _keep(self, temporary: Path, values: Mapping[str, object], family: str | None) -> None:
        """Write the row and move the file into place under one lock, so that no deletion intervenes."""
        own_id, source_id = str(values["id"]), values["source_id"]
        known = db.datasets.c.id == own_id
        try:
            with self._files.adding(own_id) as connection:
                same = sa.update(db.datasets).where(known).values(id=own_id)  # only a write takes the lock
                if connection.execute(same).rowcount == 0:
                    numbered = {} if family is None else _next_version(connection, family)
                    connection.execute(sa.insert(db.datasets).values({**values, **numbered}))
                publish(temporary, self._path(own_id))
        except sa.exc.IntegrityError as error:
            with self._database.reading() as connection:
                if connection.scalar(sa.select(db.datasets.c.id).where(known)) is None:  # no other process added it
                    raise WorkspaceError(f"There is no uploaded file {source_id!r} in this workspace.") from error

    def list(self) -> list[DatasetRecord]:
        """All datasets, newest first."""
        return [self._record(row) for row in self._files.newest()]

    def _path(self, dataset_id: str) -> Path:
        return self._files.folder / f"{self._files.check_id(dataset_id)}.parquet"

    def _record(self, row: sa.Row[tuple[object, ...]]) -> DatasetRecord:
        values = dict(row._mapping)
        created_at = datetime.fromtimestamp(values.pop("created_at"), UTC)
        return DatasetRecord(**values, created_at=created_at, path=self._path(values["id"]))


def _next_version(connection: sa.Connection, family: str) -> dict[str, object]:
    """Columns that number the next version, computed in the insert, so that numbers are unique."""
    connection.execute(sa.select(db.datasets.c.id).where(db.datasets.c.id == family).with_for_update())
    ours = (db.datasets.c.id == family) | (db.datasets.c.version_of == family)
    newest = sa.select(sa.func.max(db.datasets.c.version)).where(ours).scalar_subquery()
    return {"version_of": family, "version": newest + 1}
