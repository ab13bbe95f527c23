"""The bytes of a file: decompressed as they stream, and refused when they cannot be a table of text."""

import gzip
import lzma
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal, cast

from riskmodel.errors import DataError

Compression = Literal["none", "gzip", "xz"]
CHUNK_BYTES = 1 << 20
HEAD_BYTES = 1 << 18

_COMPRESSIONS: tuple[tuple[bytes, Compression], ...] = ((b"\x1f\x8b", "gzip"), (b"\xfd7zXZ\x00", "xz"))
_BINARIES = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file"),
    (b"\x7fELF", "a program"),
    (b"BZh", "a bzip2 archive"),
    (b"(\xb5/\xfd", "a Zstandard archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
)
_ZIP = b"PK\x03\x04"


def show_name(path: str | os.PathLike[str]) -> str:
    """A file's own name without its folders, in quotes, as messages show it."""
    return repr(Path(path).name)


def detect_compression(path: str | os.PathLike[str]) -> Compression:
    """How a file is compressed, by its first bytes and not by its name.

    Raises:
        DataError: There is no such file, or it is empty.
    """
    try:
        with Path(path).open("rb") as stream:
            head = stream.read(16)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise DataError(f"File {os.fspath(path)!r} cannot be read: {error.strerror}. Choose another file.") from error
    if not head:
        raise DataError(f"File {show_name(path)} is empty. Choose a table of text with a header line.")
    return next((name for magic, name in _COMPRESSIONS if head.startswith(magic)), "none")


@contextmanager
def open_bytes(path: str | os.PathLike[str], compression: Compression) -> Iterator[IO[bytes]]:
    """The file's content, decompressed while it is read.

    Raises:
        DataError: The compressed data are damaged or cut off, whenever that is noticed within the context.
    """
    try:
        if compression == "gzip":
            with gzip.open(path, "rb") as unzipped:
                yield cast("IO[bytes]", unzipped)
        elif compression == "xz":
            with lzma.open(path, "rb") as stream:
                yield stream
        else:
            with Path(path).open("rb", buffering=0) as plain:
                yield plain
    except (EOFError, lzma.LZMAError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(
            f"File {show_name(path)} is {compression}-compressed but damaged or cut off: {error}. Copy it again."
        ) from error


def read_chunks(path: str | os.PathLike[str], compression: Compression) -> Iterator[bytes]:
    """The content in pieces of at most a mebibyte; errors as `open_bytes`."""
    with open_bytes(path, compression) as stream:
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk


def read_head(path: str | os.PathLike[str], compression: Compression) -> bytes:
    """The first 256 KiB of the content.

    Raises:
        DataError: There is no content, or it is that of a known binary format.
    """
    with open_bytes(path, compression) as stream:
        pieces: list[bytes] = []
        while (wanted := HEAD_BYTES - sum(map(len, pieces))) and (piece := stream.read(wanted)):
            pieces.append(piece)
    head = b"".join(pieces)
    if not head.strip():
        raise DataError(f"File {show_name(path)} is empty. Choose a table of text with a header line.")
    _refuse_binary(path, head)
    return head


def _refuse_binary(path: str | os.PathLike[str], head: bytes) -> None:
    kind = next((words for magic, words in _BINARIES if head.startswith(magic)), None)
    mend = "Choose a CSV file or another table of text."
    if head.startswith(_ZIP):
        workbook = b"[Content_Types].xml" in head or b"xl/" in head
        kind = "an Excel workbook" if workbook else "a zip archive"
        mend = "Save the sheet as CSV." if workbook else "Unpack it and choose the table inside."
    if kind is not None:
        raise DataError(f"File {show_name(path)} is not a table of text but {kind}. {mend}")
