"""Reads untrusted files in a child process, so that a crash of a native library does not affect this process.

Workbooks, files of SAS, SPSS and Stata, Parquet and Arrow files are parsed by libraries in C, C++ and Rust, which may
crash or exhaust memory on a malicious file. The child has limits of memory and processor time, no descriptors except
its pipes, and exits with its parent. Its rows arrive as Arrow batches through a pipe, so any file is read in bounded
memory. One child serves one reader: opening it, and each pass over its rows.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import os
import select
import subprocess
import sys
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from fcntl import F_SETPIPE_SZ, fcntl
from pathlib import Path
from typing import Any

import pyarrow as pa

import riskmodel
from riskmodel.errors import DataError
from riskmodel.tables.files.source import DEFAULT_BLOCK_BYTES, show_name
from riskmodel.tables.reading.child.native_readers import NativeFormat
from riskmodel.tables.reading.child.reader_limits import ReaderLimits
from riskmodel.tables.reading.child.reader_messages import END, ERROR, HEAD
from riskmodel.tables.reading.typed.typed_reader import TypedReader
from riskmodel.tables.schema.declarations import Declaration
from riskmodel.tables.schema.sheet_layout import SheetLayout

_FREE_TABLE_BYTES = 1 << 29
_MAX_TABLE_GROWTH = 12
"""Largest table of strings as a multiple of the file size; compressed Parquet files reach about eight."""
_OFFSET_BYTES = 4  # per text cell, in addition to its characters
_PIPE_BYTES = 1 << 20
_LARGEST_MESSAGE = 1 << 31
_INHERITED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME")
_SETTINGS = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class ProcessReader(TypedReader):
    """A table read by a child process; see `open_native` for the formats.

    Args:
        path: The file.
        kind: Its format.
        layout: Sheet of a workbook and row of its header; detected when None.
        block_bytes: Approximate number of bytes per batch.

    Raises:
        DataError: As for the format's own reader, or the child exceeded its limits or crashed.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        kind: NativeFormat,
        layout: SheetLayout | None = None,
        block_bytes: int = DEFAULT_BLOCK_BYTES,
    ) -> None:
        super().__init__(path, block_bytes)
        self._request = {
            "what": "table",
            "kind": kind,
            "layout": layout.model_dump_json() if layout is not None else None,
            "block_bytes": block_bytes,
        }
        self._waiting: _Child | None = _Child(path, self._request)
        about = self._waiting.receive_words()
        self.names = about["names"]
        self.description = about["description"]
        self.notes = tuple(about["notes"])
        self.num_rows = about["num_rows"]
        self.declared = {
            name: Declaration.model_validate(declaration) for name, declaration in about["declared"].items()
        }
        self.excluded = tuple((row, text, reason) for row, text, reason in about["excluded"])
        self.blank = tuple(about["blank"])
        self.layout = SheetLayout.model_validate_json(about["layout"]) if about["layout"] else None

    def read_all(self) -> pa.Table:
        """The whole table at once.

        Raises:
            DataError: As for the iteration, or the table would take more than 512 MiB and 12 times the file's size.
        """
        max_bytes = max(_FREE_TABLE_BYTES, _MAX_TABLE_GROWTH * os.path.getsize(self._path))
        batches, size = [], _OFFSET_BYTES * len(self.names) * (self.num_rows or 0)
        if size <= max_bytes:
            size = 0
            for batch in self:
                batches.append(batch)
                size += batch.nbytes
                if size > max_bytes:
                    break
        if size > max_bytes:
            raise DataError(
                f"File {show_name(self._path)} ({os.path.getsize(self._path):,} bytes) grows to more than "
                f"{max_bytes >> 20:,} MiB when it is read, as no table does. Remove columns that hold one value, "
                "or save the table as CSV."
            )
        return pa.Table.from_batches(batches, self.schema)

    def _batches(self) -> Iterator[pa.RecordBatch]:
        # An abandoned pass leaves its child in an undefined state, so the next pass starts a new one.
        child, self._waiting = self._waiting, None
        if child is None:
            child = _Child(self._path, self._request)
            child.receive_words()
        yield from child.receive_batches(self.schema)
        self._waiting = child


@dataclasses.dataclass(frozen=True)
class SheetList:
    """The sheets of a workbook.

    Attributes:
        likely: The sheet that is read by default.
        num_rows: Number of rows by sheet name, in the workbook's order; 0 without cells.
    """

    likely: str
    num_rows: dict[str, int]


def list_sheets(path: str | os.PathLike[str]) -> SheetList:
    """The sheets of a workbook.

    Raises:
        DataError: As `scan_workbook`, or no sheet has cells, or the child exceeded its limits or crashed.
    """
    answer = _Child(path, {"what": "sheets", "kind": "workbook"}).receive_words()
    return SheetList(answer["likely"], {sheet["name"]: sheet["num_rows"] for sheet in answer["sheets"]})


class _Child:
    """One child process serving one request."""

    def __init__(self, path: str | os.PathLike[str], request: dict[str, Any]) -> None:
        self._path = path
        self._num_bytes = os.path.getsize(path)
        self._limits = ReaderLimits.of_file(self._num_bytes, request["kind"] == "parquet")
        # The child is killed when the thread that started it ends, so a permanent thread starts it.
        try:
            self._process = _starter(os.getpid()).submit(_start).result()
        except OSError as error:
            raise DataError(
                f"File {show_name(path)} cannot be read now: no process could be started for it ({error.strerror}). "
                "Close other programs and try again."
            ) from error
        self._end = weakref.finalize(self, _end, self._process)
        assert self._process.stdout is not None
        self._answers = self._process.stdout.fileno()
        limits = dataclasses.asdict(self._limits)
        self._send(json.dumps({**request, "path": os.path.abspath(path), "limits": limits}))

    def receive_words(self) -> Any:
        """The next message, decoded from JSON."""
        return json.loads(self._receive()[1].to_pybytes())

    def receive_batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """The record batches of one pass over the rows."""
        self._send("rows")
        while True:
            kind, content = self._receive()
            if kind == END:
                return
            batch = pa.ipc.read_record_batch(pa.ipc.read_message(content), schema)
            batch.validate(full=True)  # a child with corrupted memory must not corrupt this process
            yield batch

    def _send(self, line: str) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # its exit is noticed by the missing response
            self._process.stdin.write(line.encode() + b"\n")
            self._process.stdin.flush()

    def _receive(self) -> tuple[bytes, pa.Buffer]:
        kind, size = HEAD.unpack(self._read(HEAD.size).to_pybytes())
        if size > _LARGEST_MESSAGE:
            raise self._error("its content crashed the reader")
        content = self._read(size)
        if kind == ERROR:
            raise DataError(json.loads(content.to_pybytes())["message"])
        return kind, content

    def _read(self, size: int) -> pa.Buffer:
        buffer = pa.allocate_buffer(size)
        view, filled = memoryview(buffer).cast("B"), 0
        poll = select.poll()
        poll.register(self._answers, select.POLLIN)
        while filled < size:
            if not poll.poll(1000 * self._limits.wait_seconds):
                raise self._error(f"its reader did not answer for {self._limits.wait_seconds:,.0f} seconds")
            count = os.readv(self._answers, [view[filled:]])
            if not count:
                raise self._error(self._limits.describe_death(self._process.wait()))
            filled += count
        return buffer

    def _error(self, reason: str) -> DataError:
        self._end()
        return DataError(
            f"File {show_name(self._path)} ({self._num_bytes:,} bytes) cannot be read: {reason}. "
            "Check where the file comes from, or save the table as CSV."
        )


@functools.cache
def _starter(process: int) -> ThreadPoolExecutor:
    """The thread that starts all child processes."""
    return ThreadPoolExecutor(1, f"readers-of-{process}")


def _start() -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-m", "riskmodel.tables.reading.child.reader_child", str(os.getpid())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(riskmodel.__file__).parents[1],
        env=environment | _SETTINGS,
    )
    assert process.stdout is not None
    with suppress(OSError):  # the system's limit may be lower
        fcntl(process.stdout, F_SETPIPE_SZ, _PIPE_BYTES)
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        with suppress(BrokenPipeError):
            if stream is not None:
                stream.close()
