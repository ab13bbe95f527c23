"""Scan of a workbook before its sheets are read: the extent of their cells, and error cells.

The library that reads workbooks allocates the whole rectangle spanned by a sheet's cells, so two distant cells
in a small file would exhaust the memory, and it returns errors (``#N/A``) as empty cells. Both are detected here first,
in a streaming pass.
"""

from __future__ import annotations

import os
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from xml.etree import ElementTree
from xml.parsers import expat

from riskmodel.errors import DataError
from riskmodel.tables.files.archive import ENCRYPTED_FLAG
from riskmodel.tables.files.signatures import OLE
from riskmodel.tables.files.source import CHUNK_BYTES, FREE_BYTES, MAX_GROWTH, read_signature, show_name
from riskmodel.tables.reading.sheets.binary_sheets import list_xlsb_sheets, protected, scan_xls, scan_xlsb_sheet
from riskmodel.tables.reading.sheets.sheet_scan import SheetScan
from riskmodel.tables.reading.sheets.xml_sheets import scan_ods, scan_xlsx_sheet
from riskmodel.tables.reading.typed.typed_reader import damaged

_HEAD_BYTES = 1 << 16
_STRINGS = re.compile(rb"<(?:\w+:)?sst\b[^>]*")
_UNIQUE_COUNT = re.compile(rb"""\suniqueCount\s*=\s*["'](\d{1,30})["']""")
_FREE_STRINGS = 1 << 20

WORKBOOK = "an Excel workbook or another spreadsheet"


def scan_workbook(path: str | os.PathLike[str]) -> Iterator[tuple[str, SheetScan]]:
    """Lazy scans of a workbook's sheets, by name, in its order.

    Args:
        path: An ``.xlsx``, ``.xlsb``, ``.xls`` or ``.ods`` file, with any name.

    Raises:
        DataError: The file is damaged, truncated or password-protected, or it unpacks to more than 512 MiB and
            50 times its size.
    """
    with _translating(path):
        if read_signature(path).startswith(OLE):
            yield from scan_xls(path)
            return
        with zipfile.ZipFile(path) as archive:
            if any(part.flag_bits & ENCRYPTED_FLAG for part in archive.infolist()):
                raise protected(path)
            _check_sizes(path, archive)
            _check_strings(archive)
            if "[Content_Types].xml" not in archive.namelist():
                with archive.open("content.xml") as stream:
                    yield from scan_ods(stream).items()
                return
            book = _find_book(archive)
            scan = _scan_xlsb if book.endswith(".bin") else _scan_xlsx
            yield from _refuse_duplicates(scan(archive, book))


@contextmanager
def _translating(path: str | os.PathLike[str]) -> Iterator[None]:
    # OSError: a damaged archive may contain offsets before the file's beginning.
    faults = (zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError, IndexError, struct.error)
    try:
        yield
    except (*faults, ElementTree.ParseError, expat.ExpatError, RuntimeError) as error:
        raise damaged(path, WORKBOOK, error) from error


def _check_sizes(path: str | os.PathLike[str], archive: zipfile.ZipFile) -> None:
    """Unpack every part once, so that false sizes are detected before anything is kept in memory."""
    max_bytes = max(FREE_BYTES, MAX_GROWTH * os.path.getsize(path))
    if sum(member.file_size for member in archive.infolist()) > max_bytes:
        raise _grown(path, max_bytes)
    total = 0
    names = [name.lower() for name in archive.namelist()]
    if len(set(names)) < len(names):  # readers differ in which of two duplicates they use
        raise zipfile.BadZipFile("a part is there twice")
    for member in archive.infolist():
        with archive.open(member) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                total += len(chunk)
                if total > max_bytes:
                    raise _grown(path, max_bytes)


def _grown(path: str | os.PathLike[str], max_bytes: int) -> DataError:
    return DataError(
        f"File {show_name(path)} is a workbook that grows to more than {max_bytes >> 20:,} MiB when it is unpacked, as "
        "no table does. Save the sheet as CSV."
    )


def _check_strings(archive: zipfile.ZipFile) -> None:
    """Check that the number of distinct shared strings is possible: the library allocates memory for all of them.

    The number of references to them in cells, ``count``, may be far larger than the table of strings.
    """
    for member in archive.infolist():
        name = member.filename.lower()
        if not name.endswith(("sharedstrings.xml", "sharedstrings.bin")):
            continue
        with archive.open(member) as stream:
            head = stream.read(_HEAD_BYTES)
        if name.endswith(".xml"):
            claims = [int(number) for root in _STRINGS.findall(head) for number in _UNIQUE_COUNT.findall(root)]
        else:
            # The record BrtBeginSst: kind, length, numbers of references and of distinct strings.
            claims = list(struct.unpack_from("<I", head, 7)) if head.startswith(b"\x9f\x01\x08") else []
        if max(claims, default=0) > max(member.file_size, _FREE_STRINGS):
            raise ValueError(f"it claims {max(claims):,} shared strings in {member.file_size:,} bytes")


def _refuse_duplicates(scans: Iterator[tuple[str, SheetScan]]) -> Iterator[tuple[str, SheetScan]]:
    seen: set[str] = set()
    for name, scan in scans:
        if name in seen:
            raise ValueError(f"two sheets are named {name!r}")
        seen.add(name)
        yield name, scan


def _find_book(archive: zipfile.ZipFile) -> str:
    """The part that lists the sheets."""
    with archive.open("_rels/.rels") as stream:
        root = ElementTree.parse(stream).getroot()
    kinds = {relation.get("Type", "").rpartition("/")[2]: relation.get("Target", "") for relation in root}
    return kinds["officeDocument"].removeprefix("/")


def _scan_xlsx(archive: zipfile.ZipFile, book: str) -> Iterator[tuple[str, SheetScan]]:
    parts = _find_parts(archive, book)
    with archive.open(book) as stream:
        root = ElementTree.parse(stream).getroot()
    for sheet in root.iter():
        if sheet.tag.rpartition("}")[2] == "sheet":
            relation = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
            scan = scan_xlsx_sheet(partial(archive.open, parts[relation]))
            scan.is_hidden = sheet.attrib.get("state", "visible") != "visible"
            yield sheet.attrib["name"], scan


def _scan_xlsb(archive: zipfile.ZipFile, book: str) -> Iterator[tuple[str, SheetScan]]:
    parts = _find_parts(archive, book)
    for name, relation in list_xlsb_sheets(archive.read(book)):
        with archive.open(parts[relation]) as stream:
            yield name, scan_xlsb_sheet(stream)


def _find_parts(archive: zipfile.ZipFile, book: str) -> dict[str, str]:
    """Names in the archive of the parts that a workbook refers to, by the reference's id."""
    folder, name = posixpath.split(book)
    with archive.open(f"{folder}/_rels/{name}.rels") as stream:
        root = ElementTree.parse(stream).getroot()
    parts = {}
    for relation in root:
        target = relation.get("Target", "")
        whole = target[1:] if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
        parts[relation.get("Id", "")] = whole
    return parts
