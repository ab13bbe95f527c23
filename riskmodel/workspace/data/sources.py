"""Uploaded files, stored unchanged and named by the hash of their content."""

from __future__ import annotations

import io
import json
import os
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.parquet as pq
import sqlalchemy as sa

from riskmodel.errors import WorkspaceError
from riskmodel.tables.files.source import check_regular
from riskmodel.workspace.data.incoming import IncomingFile
from riskmodel.workspace.data.stored_files import StoredFiles
from riskmodel.workspace.deletion.deletions import Deletions
from riskmodel.workspace.storage import database as db
from riskmodel.workspace.storage.files import disk_errors, make_folder, sanitize_name, temporary_file

_CHUNK_BYTES = 1 << 20


class ByteStream(Protocol):
    """A readable byte stream: an open file, an upload."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; empty at the end."""


@dataclass(frozen=True)
class Origin:
    """Origin of a source derived from others.

    Attributes:
        text: description for the analyst.
        source_ids: the uploaded files, in the order of the text.
    """

    text: str
    source_ids: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """One uploaded file.

    Attributes:
        id: first 16 hexadecimal digits of the content's SHA-256.
        name: the file's own name without folders, as last uploaded.
        path: the stored file.
        num_bytes: size.
        created_at: when it was first uploaded (UTC).
        origin: of a derived source; None for an uploaded file.
    """

    id: str
    name: str
    path: Path
    num_bytes: int
    created_at: datetime
    origin: Origin | None = None


class Sources:
    """The workspace's uploaded files.

    Attributes:
        dependents, delete, remove_leftovers: as in `StoredFiles`.
    """

    def __init__(self, database: db.Database, folder: Path, deletions: Deletions) -> None:
        self._files = StoredFiles("source", "Upload it again.", database, folder, deletions)
        self.dependents, self.delete = self._files.dependents, self._files.delete
        self.remove_leftovers = self._files.remove_leftovers

    def add(
        self, name: str, content: ByteStream | bytes | str | os.PathLike[str], origin: Origin | None = None
    ) -> Source:
        """Store a file; equal content is one source, with the newer name.

        Args:
            name: any path; only its last part is used.
            content: an open binary stream (read from its start if it can seek), bytes, or the path of a file.
                It is copied in chunks of 1 MiB, so its size is not limited by memory.
            origin: of a derived source.

        Raises:
            WorkspaceError: no space left, or no such file; nothing is stored then.
            DataError: the path is a pipe, device or socket.
        """
        if isinstance(content, (str, os.PathLike)):
            try:
                check_regular(content)
                with Path(content).open("rb") as stream:
                    return self._add_stream(name, stream, origin)
            except (FileNotFoundError, IsADirectoryError) as error:
                raise WorkspaceError(f"There is no file {os.fspath(content)!r}. Check its path.") from error
        return self._add_stream(name, io.BytesIO(content) if isinstance(content, bytes) else content, origin)

    def add_table(self, name: str, table: pa.Table, origin: Origin) -> Source:
        """Store a table derived from other sources, as a Parquet file of strings.

        Raises:
            WorkspaceError: no space left; nothing is stored then.
        """
        with disk_errors(f"Saving {name!r}"), temporary_file(self._files.folder, ".upload-") as temporary:
            pq.write_table(table, temporary, compression="zstd")
            return self.add(name, temporary, origin)

    def receive(self, name: str) -> IncomingFile:
        """A file received in chunks; `keep` makes it a source once it is complete.

        Raises:
            WorkspaceError: disk full or no permission.
        """
        return IncomingFile(self._files.folder, name)

    def keep(self, incoming: IncomingFile, origin: Origin | None = None) -> Source:
        """Store a received file without copying it.

        Args:
            incoming: with all chunks written.
            origin: of a derived source.

        Raises:
            WorkspaceError: no space left, or it was discarded; nothing is stored then.
        """
        with incoming:
            incoming.flush()
            try:
                self._write(incoming, origin)
            except sa.exc.IntegrityError:  # another process added the same content concurrently
                self._write(incoming, origin)
            return self.get(incoming.content_hash[:16])

    def get(self, source_id: str) -> Source:
        """One source.

        Raises:
            WorkspaceError: the id is unknown.
        """
        return self._record(self._files.get(source_id))

    def list(self) -> list[Source]:
        """All sources, newest first."""
        return [self._record(row) for row in self._files.newest()]

    def _add_stream(self, name: str, stream: ByteStream, origin: Origin | None) -> Source:
        seek = getattr(stream, "seek", None)
        if seek is not None and (not hasattr(stream, "seekable") or stream.seekable()):
            seek(0)
        with self.receive(name) as incoming, disk_errors(f"Saving {incoming.name!r}"):
            while chunk := stream.read(_CHUNK_BYTES):
                incoming.write(chunk)
            return self.keep(incoming, origin)

    def _write(self, incoming: IncomingFile, origin: Origin | None) -> None:
        """Write the row and move the file into place under one lock: a row always has its file."""
        source_id, name = incoming.content_hash[:16], incoming.name
        own = {} if origin is None else {"origin": json.dumps(asdict(origin), ensure_ascii=False)}
        mine = db.sources.c.id == source_id
        values: dict[str, object] = {
            "id": source_id,
            "name": name,
            "file_name": name,
            "num_bytes": incoming.num_bytes,
            "created_at": time.time(),
        }
        with self._files.adding(source_id) as connection:
            if connection.execute(sa.update(db.sources).where(mine).values(name=name, **own)).rowcount == 0:
                connection.execute(sa.insert(db.sources).values(values | own))
            path = self._record(connection.execute(sa.select(db.sources).where(mine)).one()).path
            if not path.exists():
                make_folder(path.parent)
                incoming.move_to(path)

    def _record(self, row: sa.Row[tuple[object, ...]]) -> Source:
        values = row._mapping
        path = self._files.folder / self._files.check_id(values["id"]) / sanitize_name(values["file_name"])
        created_at = datetime.fromtimestamp(values["created_at"], UTC)
        return Source(
            values["id"], values["name"], path, values["num_bytes"], created_at, _read_origin(values["origin"])
        )


def _read_origin(text: str | None) -> Origin | None:
    if text is None:
        return None
    values = json.loads(text)
    return Origin(values["text"], tuple(values["source_ids"]))
