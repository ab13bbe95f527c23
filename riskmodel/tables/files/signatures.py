"""File formats recognized by their first bytes, never by name."""

import os
import re
import zipfile
from typing import Literal

Binary = Literal["parquet", "arrow", "sas", "xport", "spss", "stata"]
Container = Literal["workbook", "archive", "other"]

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FORMATS = "CSV, Excel, OpenDocument, Parquet, Arrow, SAS, SPSS or Stata"
"""Formats of tables that can be read, for help texts and messages."""
SIGNATURE_BYTES = 64
"""Number of first bytes that identify every format below."""

_SAS = bytes.fromhex("000000000000000000000000c2ea8160b31411cfbd92080009c7318c181f1011")
_READABLE: tuple[tuple[bytes, Binary], ...] = (
    (b"PAR1", "parquet"),
    (b"ARROW1\0\0", "arrow"),
    (_SAS, "sas"),
    (b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!", "xport"),
    (b"HEADER RECORD*******LIBV8   HEADER RECORD!!!!!!!", "xport"),
    (b"$FL2", "spss"),
    (b"$FL3", "spss"),
    (b"<stata_dta>", "stata"),
)
# An Arrow stream begins with a schema message: continuation marker, length, FlatBuffers table.
_ARROW_STREAM = re.compile(rb"\xff\xff\xff\xff..[\x00-\x0f]\x00[\x04-\x40]\x00\x00\x00", re.DOTALL)
# Before Stata 13: the release, the byte order, and two constant bytes.
_OLD_STATA = re.compile(rb"[\x66-\x73][\x01\x02]\x01\x00")
_WORDS: dict[Binary, str] = {
    "parquet": "a Parquet file",
    "arrow": "an Arrow file",
    "sas": "a SAS file",
    "xport": "a SAS transport file",
    "spss": "an SPSS file",
    "stata": "a Stata file",
}
_UNREADABLE = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"PARE", "an encrypted Parquet file"),
    (b"FEA1", "a Feather file of the first version"),
    (b"\x89HDF", "an HDF5 file"),
    (b"Obj\x01", "an Avro file"),
    (b"ORC", "an ORC file"),
    (b"RDX3\n", "an R file"),
)
# Web pages and documents with the extension of a table; either case, after blanks or a byte-order mark.
_MARKUP = (
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|table)\b", re.IGNORECASE), "an HTML page"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml\b"), "an XML document"),
)
_OFFICE_FOLDERS = (("word/", "a Word document"), ("ppt/", "a PowerPoint presentation"))
_SPREADSHEETS = (
    b"application/vnd.oasis.opendocument.spreadsheet",
    b"application/vnd.oasis.opendocument.spreadsheet-template",
)


def find_binary(head: bytes) -> Binary | None:
    """The readable binary format that begins with these bytes (at least `SIGNATURE_BYTES`, or the whole file).

    Example:
        >>> find_binary(b"PAR1"), find_binary(b"a,b")
        ('parquet', None)
    """
    known = next((name for magic, name in _READABLE if head.startswith(magic)), None)
    if known is None and _ARROW_STREAM.match(head):
        return "arrow"
    return "stata" if known is None and _OLD_STATA.match(head) else known


def describe_binary(head: bytes) -> str | None:
    """Description of non-text content, with an article; None if the content may be text."""
    known = find_binary(head)
    if known is not None:
        return _WORDS[known]
    if head.startswith(OLE):
        return "an old Excel or Word file"
    exact = next((words for magic, words in _UNREADABLE if head.startswith(magic)), None)
    return exact or next((words for pattern, words in _MARKUP if pattern.match(head)), None)


def classify_zip(archive: zipfile.ZipFile) -> tuple[Container, str]:
    """Whether a zip file is a workbook, an archive of files or something else, with a description."""
    names = archive.namelist()
    if "[Content_Types].xml" in names:
        if any(name.lower().startswith("xl/workbook.") for name in names):
            return "workbook", "an Excel workbook"
        for folder, words in _OFFICE_FOLDERS:
            if any(name.startswith(folder) for name in names):
                return "other", words
    if "mimetype" in names:
        with archive.open("mimetype") as stream:
            kind = stream.read(100).strip()
        if kind in _SPREADSHEETS:
            return "workbook", "an OpenDocument spreadsheet"
        if kind.startswith(b"application/"):
            return "other", "an OpenDocument or EPUB document"
    return "archive", "a zip archive"


def classify_ole(path: str | os.PathLike[str]) -> tuple[Container, str]:
    """Like `classify_zip`, for the container of Office before 2007 and of encrypted workbooks."""
    import olefile

    try:
        with olefile.OleFileIO(os.fspath(path)) as container:
            if any(container.exists(stream) for stream in ("Workbook", "Book", "EncryptedPackage")):
                return "workbook", "an Excel workbook"
            if container.exists("WordDocument"):
                return "other", "an old Word document"
    except (OSError, ValueError, IndexError):
        return "other", "a damaged old Excel or Word file"
    return "other", "an old Office file"
