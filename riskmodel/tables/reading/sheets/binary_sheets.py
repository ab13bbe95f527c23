"""Scans of record-based sheets: Excel before 2007 (``.xls``) and binary workbooks (``.xlsb``).

References:
    [MS-XLS] Excel Binary File Format (.xls) Structure; [MS-XLSB] Excel (.xlsb) Binary File Format.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from typing import IO

import olefile

from riskmodel.errors import DataError
from riskmodel.tables.files.source import show_name
from riskmodel.tables.reading.sheets.sheet_scan import SheetScan

_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
# Records of .xls: cells by row and column, then the types that are distinguished.
_XLS_CELLS = {0x0006, 0x0203, 0x0204, 0x0205, 0x00D6, 0x00FD, 0x027E}
_XLS_FORMULA, _XLS_BOOL_OR_ERROR, _XLS_MANY, _XLS_END = 0x0006, 0x0205, 0x00BD, 0x000A
_XLS_SHEET, _XLS_PASSWORD, _XLS_TEXTS, _XLS_DIMENSIONS = 0x0085, 0x002F, 0x00FC, 0x0200
# Records of .xlsb.
_XLSB_ROW, _XLSB_ERROR, _XLSB_FORMULA_ERROR, _XLSB_SHEET = 0, 3, 11, 156
_XLSB_FILLED = range(2, 12)


def scan_xls(path: str | os.PathLike[str]) -> Iterator[tuple[str, SheetScan]]:
    """All sheets of an ``.xls`` file.

    Raises:
        DataError: It is protected with a password.
        ValueError, struct.error, IndexError: It is damaged.
    """
    try:
        _check_container(path)
        with olefile.OleFileIO(os.fspath(path)) as container:
            if container.exists("EncryptedPackage"):
                raise protected(path)
            name = "Workbook" if container.exists("Workbook") else "Book"
            content = container.openstream(name).read()
    except OSError as error:
        raise ValueError(str(error)) from error
    # All sheets at once, since the library reads all of them anyway.
    yield from [(name, _scan_xls_sheet(content, offset)) for name, offset in _list_xls_sheets(path, content)]


def protected(path: str | os.PathLike[str]) -> DataError:
    """The error for a password-protected workbook."""
    return DataError(f"File {show_name(path)} is a workbook protected with a password. Save it without one, or as CSV.")


def _check_container(path: str | os.PathLike[str]) -> None:
    """Check that the sizes in the container's header fit into the file: the library allocates them without a check."""
    with open(path, "rb") as stream:
        head = stream.read(76)
        size = os.fstat(stream.fileno()).st_size
    shift = struct.unpack_from("<H", head, 30)[0]
    counts = [struct.unpack_from("<I", head, offset)[0] for offset in (40, 44, 64, 72)]
    if shift not in {9, 12} or any(count << shift > size for count in counts):
        raise ValueError("the header declares more data than the file holds")


def _list_xls_sheets(path: str | os.PathLike[str], content: bytes) -> list[tuple[str, int]]:
    sheets = []
    wide = True
    for kind, data in _xls_records(content, 0):
        if kind == _XLS_PASSWORD:
            raise protected(path)
        if kind == 0x0809:
            wide = struct.unpack_from("<H", data)[0] >= 0x0600
        if kind == _XLS_TEXTS and 3 * int(struct.unpack_from("<I", data, 4)[0]) > len(content):
            raise ValueError("it declares more texts than the file holds")
        if kind == _XLS_SHEET:
            length = data[6]
            if not wide:
                name = data[7 : 7 + length].decode("cp1252", "replace")
            elif data[7] & 1:
                name = data[8 : 8 + 2 * length].decode("utf-16-le")
            else:
                name = data[8 : 8 + length].decode("latin-1")
            sheets.append((name, int(struct.unpack_from("<I", data)[0])))
    return sheets


def _scan_xls_sheet(content: bytes, offset: int) -> SheetScan:
    scan = SheetScan()
    for kind, data in _xls_records(content, offset):
        if kind == _XLS_DIMENSIONS:
            _check_dimensions(data)
        elif kind == _XLS_MANY:
            row, column = struct.unpack_from("<HH", data)
            scan.fill(row, column)
            scan.fill(row, struct.unpack_from("<H", data, len(data) - 2)[0])
        elif kind in _XLS_CELLS:
            row, column = struct.unpack_from("<HH", data)
            scan.fill(row, column)
            if kind == _XLS_BOOL_OR_ERROR and data[7]:
                scan.errors[row, column] = _ERRORS.get(data[6], "#ERROR!")
            elif kind == _XLS_FORMULA and data[12:14] == b"\xff\xff" and data[6] == 2:
                scan.errors[row, column] = _ERRORS.get(data[8], "#ERROR!")
    return scan


def _check_dimensions(data: bytes) -> None:
    """Check that a sheet's declared dimensions are possible: the library allocates them without a check."""
    form = "<IIHH" if len(data) == 14 else "<HHHH"
    first_row, next_row, first_column, next_column = struct.unpack_from(form, data)
    if not (first_row <= next_row <= 65536 and first_column <= next_column <= 256):
        raise ValueError("a sheet has an impossible size")


def _xls_records(content: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """The records from an offset to the end of their part."""
    depth = 0
    while offset + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, offset)
        yield kind, content[offset + 4 : offset + 4 + length]
        depth += (kind == 0x0809) - (kind == _XLS_END)  # charts are nested in sheets
        if kind == _XLS_END and depth <= 0:
            return
        offset += 4 + length


def list_xlsb_sheets(content: bytes) -> list[tuple[str, str]]:
    """Name and reference of each sheet in ``xl/workbook.bin``."""
    sheets = []
    for kind, data in _xlsb_records(io.BytesIO(content)):
        if kind == _XLSB_SHEET:
            relation, end = _wide_text(data, 8)
            sheets.append((_wide_text(data, end)[0], relation))
    return sheets


def scan_xlsb_sheet(stream: IO[bytes]) -> SheetScan:
    """Scan one part ``xl/worksheets/sheet….bin``; struct.error or IndexError when it is damaged."""
    scan = SheetScan()
    row = 0
    for kind, data in _xlsb_records(stream):
        if kind == _XLSB_ROW:
            row = struct.unpack_from("<I", data)[0]
        elif kind in _XLSB_FILLED:
            column = struct.unpack_from("<I", data)[0]
            scan.fill(row, column)
            if kind in {_XLSB_ERROR, _XLSB_FORMULA_ERROR}:
                scan.errors[row, column] = _ERRORS.get(data[8], "#ERROR!")
    return scan


def _xlsb_records(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    while first := stream.read(1):
        kind = first[0]
        if kind & 0x80:
            kind = (kind & 0x7F) | (stream.read(1)[0] & 0x7F) << 7
        length = shift = 0
        while True:
            part = stream.read(1)[0]
            length |= (part & 0x7F) << shift
            shift += 7
            if not part & 0x80 or shift == 28:
                break
        yield kind, stream.read(length)


def _wide_text(data: bytes, offset: int) -> tuple[str, int]:
    length = struct.unpack_from("<I", data, offset)[0]
    end = offset + 4 + 2 * length
    return data[offset + 4 : end].decode("utf-16-le"), end
