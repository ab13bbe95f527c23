"""The bytes of a file, decompressed while streaming; content that cannot be a text table raises an error."""

import bz2
import errno
import gzip
import io
import lzma
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, Literal, cast

import pyarrow as pa

from riskmodel.errors import DataError
from riskmodel.tables.files.archive import open_member
from riskmodel.tables.files.signatures import (
    FORMATS,
    OLE,
    SIGNATURE_BYTES,
    ZIP,
    classify_ole,
    classify_zip,
    describe_binary,
)

Compression = Literal["none", "gzip", "xz", "zstd", "bzip2", "zip"]
CHUNK_BYTES = 1 << 20
HEAD_BYTES = 1 << 18
DEFAULT_BLOCK_BYTES = 4 << 20
"""Approximate number of bytes per batch."""
COMPRESSION_WORDS: dict[Compression, str] = {
    "none": "",
    "gzip": "gzip-compressed",
    "xz": "xz-compressed",
    "zstd": "Zstandard-compressed",
    "bzip2": "bzip2-compressed",
    "zip": "in a zip archive",
}

# Tables compress to a tenth, rarely to a fiftieth of their size; a higher ratio indicates a decompression bomb.
FREE_BYTES = 1 << 29
MAX_GROWTH = 50
CEILING_BYTES = 1 << 40
_END_BYTES = 1 << 12

_COMPRESSIONS: tuple[tuple[bytes, Compression], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"(\xb5/\xfd", "zstd"),
    (b"BZh", "bzip2"),
    *((mark, "zip") for mark in ZIP),
    # Zstandard's skippable frames, which parallel compressors write first.
    *((bytes([low]) + b"\x2a\x4d\x18", "zstd") for low in range(0x50, 0x60)),
)


def show_name(path: str | os.PathLike[str]) -> str:
    """A file's name without its folders, in quotes, for messages."""
    return repr(Path(path).name)


def check_regular(path: str | os.PathLike[str]) -> None:
    """Raise DataError if a path is a pipe, device or socket; OSError if it cannot be examined.

    A table is read several times from its beginning, and opening a pipe without a writer blocks forever.
    """
    mode = os.stat(path).st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise DataError(
            f"File {os.fspath(path)!r} is not a regular file but a pipe, device or socket. "
            "Save its content to a file and choose that."
        )


def read_signature(path: str | os.PathLike[str]) -> bytes:
    """The first 64 bytes on disk.

    Raises:
        DataError: The file does not exist, is not a regular file, or is empty.
    """
    try:
        check_regular(path)
        with Path(path).open("rb") as stream:
            head = stream.read(SIGNATURE_BYTES)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise DataError(f"File {os.fspath(path)!r} cannot be read: {error.strerror}. Choose another file.") from error
    if not head:
        raise DataError(_empty(path))
    return head


def detect_compression(path: str | os.PathLike[str]) -> Compression:
    """The compression of a file by its first bytes, not its name; a workbook, although a zip, is not compressed.

    Raises:
        DataError: The file does not exist, is empty, or is a damaged or truncated zip file.
    """
    head = read_signature(path)
    compression: Compression = next((name for magic, name in _COMPRESSIONS if head.startswith(magic)), "none")
    return "none" if compression == "zip" and zip_container(path)[0] != "archive" else compression


def zip_container(path: str | os.PathLike[str]) -> tuple[str, str]:
    """The kind of a zip file, as `classify_zip` returns it; DataError if it is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            return classify_zip(archive)
    except (zipfile.BadZipFile, RuntimeError, EOFError, OSError, zlib.error) as error:
        raise DataError(
            f"File {show_name(path)} is a zip archive or workbook but damaged or cut off: {error}. Copy it again."
        ) from error


def count_end_marks(path: str | os.PathLike[str]) -> int:
    """Number of Ctrl-Z bytes (0x1A) at the end of a file, written by old programs as an end mark."""
    with Path(path).open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - _END_BYTES))
        tail = stream.read()
    content = tail.rstrip(b"\x1a")
    return 0 if content.endswith(b"\0") else len(tail) - len(content)  # half a character of UTF-16


@contextmanager
def open_bytes(path: str | os.PathLike[str], compression: Compression) -> Iterator[IO[bytes]]:
    """The file's content, decompressed while it is read.

    Ctrl-Z bytes at the end of an uncompressed file are removed.

    Reading raises DataError if the compressed data are damaged or truncated, or if they expand beyond 512 MiB and
    50 times the file's size, or beyond a tebibyte: no table does, but decompression bombs do.
    """
    check_regular(path)
    if compression == "none":
        num_marks = count_end_marks(path)
        with Path(path).open("rb", buffering=0) as plain:
            yield cast("IO[bytes]", _Limited(plain, Path(path).stat().st_size - num_marks)) if num_marks else plain
        return
    with ExitStack() as stack:
        with _translating(path, compression):
            stream = stack.enter_context(_decompress(path, compression))
        yield cast("IO[bytes]", _Decompressed(stream, path, compression))


def _decompress(path: str | os.PathLike[str], compression: Compression) -> Any:
    if compression == "gzip":
        return gzip.open(path, "rb")
    if compression == "xz":
        return lzma.open(path, "rb")
    if compression == "bzip2":
        return bz2.open(path, "rb")
    if compression == "zip":
        return open_member(path, show_name(path))
    return pa.CompressedInputStream(pa.OSFile(os.fspath(path), "rb"), "zstd")


@contextmanager
def _translating(path: str | os.PathLike[str], compression: Compression) -> Iterator[None]:
    try:
        yield
    except (EOFError, lzma.LZMAError, zlib.error, zipfile.BadZipFile, OSError) as error:
        # Errors of the operating system have an errno; bzip2 and Zstandard raise theirs without one, and a damaged
        # archive may contain offsets before the file's beginning.
        if isinstance(error, OSError) and error.errno not in {None, errno.EINVAL}:
            raise
        raise DataError(
            f"File {show_name(path)} is {COMPRESSION_WORDS[compression]} but damaged or cut off: {error}. "
            "Copy it again."
        ) from error


class _Limited(io.RawIOBase):
    """The first bytes of a stream."""

    def __init__(self, stream: IO[bytes], num_bytes: int) -> None:
        self._stream = stream
        self._left = num_bytes

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(chunk)
        return chunk

    def readinto(self, buffer: Any) -> int:
        chunk = self.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)


class _Decompressed(io.RawIOBase):
    """Stream of decompressed bytes that counts them and converts errors to messages."""

    def __init__(self, stream: IO[bytes], path: str | os.PathLike[str], compression: Compression) -> None:
        self._stream = stream
        self._path = path
        self._compression = compression
        self._num_bytes = 0
        self._max_bytes = min(max(FREE_BYTES, MAX_GROWTH * Path(path).stat().st_size), CEILING_BYTES)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            return b"".join(iter(lambda: self.read(CHUNK_BYTES), b""))
        with _translating(self._path, self._compression):
            chunk = self._stream.read(size)
        self._num_bytes += len(chunk)
        if self._num_bytes > self._max_bytes:
            raise DataError(
                f"File {show_name(self._path)} is {COMPRESSION_WORDS[self._compression]} and grows to more than "
                f"{self._max_bytes >> 20:,} MiB, as no table does. If it is one, unpack it and "
                "choose the unpacked file."
            )
        return chunk

    def readinto(self, buffer: Any) -> int:
        chunk = self.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)


def read_chunks(path: str | os.PathLike[str], compression: Compression) -> Iterator[bytes]:
    """The content in pieces of at most a mebibyte; errors as for `open_bytes`."""
    with open_bytes(path, compression) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk


def read_head(path: str | os.PathLike[str], compression: Compression) -> bytes:
    """The first 256 KiB of the content.

    Raises:
        DataError: The content is empty, of a known binary format, or compressed twice.
    """
    with open_bytes(path, compression) as stream:
        pieces: list[bytes] = []
        while (remaining := HEAD_BYTES - sum(map(len, pieces))) and (piece := stream.read(remaining)):
            pieces.append(piece)
    head = b"".join(pieces)
    if not head.strip():
        raise DataError(_empty(path))
    _refuse_binary(path, compression, head)
    return head


def _refuse_binary(path: str | os.PathLike[str], compression: Compression, head: bytes) -> None:
    if compression != "none":
        again = next((name for magic, name in _COMPRESSIONS if head.startswith(magic)), None)
        kind = "a zip archive or a workbook" if again == "zip" else f"{again}-compressed once more"
        kind = kind if again else describe_binary(head) or ""
        if kind:
            raise DataError(
                f"File {show_name(path)} is {COMPRESSION_WORDS[compression]}, but what is inside is not a table of "
                f"text but {kind}. Unpack it and choose what is inside."
            )
        return
    if head.startswith(ZIP):
        kind = zip_container(path)[1]
    else:
        kind = classify_ole(path)[1] if head.startswith(OLE) else describe_binary(head) or ""
    if kind:
        raise DataError(f"File {show_name(path)} is {kind}, not a table. Choose a table: {FORMATS}.")


def _empty(path: str | os.PathLike[str]) -> str:
    return f"File {show_name(path)} is empty. Choose a text file with a header row."
