"""Scans of XML sheets: Excel (``.xlsx``) and OpenDocument (``.ods``)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from riskmodel.tables.files.source import CHUNK_BYTES
from riskmodel.tables.reading.sheets.sheet_scan import SheetScan, find_cell

_Attributes = dict[str, str]

_MAX_SPACES = 1 << 24
"""Most spaces that an OpenDocument spreadsheet may encode by their number."""


# Cells as nearly every program writes them; a sheet with others is fully parsed, which takes ten times longer.
_ANY_CELL = re.compile(rb"<c[\s/>]|:c[\s/>]")
_USUAL_CELL = re.compile(rb'<c r="[A-Z]{1,3}[0-9]{1,7}"')
_FILLED_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]*(?<!/)>')
_ANY_ENTITY = re.compile(rb"<!DOCTYPE|&(?!amp;|lt;|gt;|quot;|apos;|#)")
_ANY_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_ERROR_CELL = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]*\bt="e"[^>]*>(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?<v>([^<&]*)</v>'
)
_FORMULA = rb"<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>"
# A formula whose result is an empty text has the text type.
_NO_VALUE = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"(?![^>]*\bt="str")[^>]*>(?:%b)(?:<v\s*/>|<v></v>)?</c>' % _FORMULA
)
_HIDDEN_ROW = re.compile(rb'<row\b[^>]*\bhidden="(?:1|true)"')


def scan_xlsx_sheet(open_part: Callable[[], IO[bytes]]) -> SheetScan:
    """Scan one part ``xl/worksheets/sheet….xml``; any other part has no cells.

    Raises:
        expat.ExpatError: It is not XML.
        ValueError: A cell has an impossible name.
    """
    with open_part() as stream:
        scan = _scan_usual(stream)
    if scan is None:
        scanner = _XlsxScanner()
        with open_part() as stream:
            _parse(stream, scanner.begin, scanner.end, scanner)
        scan = scanner.scan
    return scan


def _scan_usual(stream: IO[bytes]) -> SheetScan | None:
    """The fast scan of a sheet whose cells are all in the usual form; None for others."""
    scan = SheetScan()
    rest = b""
    while chunk := stream.read(CHUNK_BYTES):
        text = rest + chunk
        # Split before a cell, so that no cell is divided.
        cut = text.rfind(b"<c ")
        text, rest = (text[:cut], text[cut:]) if cut > 0 else (b"", text)
        if len(rest) > 8 * CHUNK_BYTES or not _add_usual(scan, text):
            return None
    return scan if _add_usual(scan, rest) else None


def _add_usual(scan: SheetScan, text: bytes) -> bool:
    """Add the cells of a piece of XML; False if any needs a full parse."""
    if b"\0" in text or _ANY_ENTITY.search(text) or len(_ANY_CELL.findall(text)) != len(_USUAL_CELL.findall(text)):
        return False
    filled = _FILLED_CELL.findall(text)
    if filled:
        letters, numbers = (set(parts) for parts in zip(*filled, strict=True))
        rows = sorted(map(int, numbers))
        columns = sorted(find_cell(f"{letter.decode()}1")[1] for letter in letters)
        scan.fill(rows[0] - 1, columns[0])
        scan.fill(rows[-1] - 1, columns[-1])
    if b"<f" in text:
        for name in _NO_VALUE.findall(text):
            scan.add_formula(find_cell(name.decode()))
    if b"hidden" in text:
        scan.num_hidden_rows += len(_HIDDEN_ROW.findall(text))
    errors = _ERROR_CELL.findall(text)
    scan.errors.update((find_cell(name.decode()), words.decode()) for name, words in errors)
    return len(errors) == len(_ANY_ERROR.findall(text))


def scan_ods(stream: IO[bytes]) -> dict[str, SheetScan]:
    """Scan ``content.xml``: all sheets by their names; errors as for `scan_xlsx_sheet`."""
    scanner = _OdsScanner()
    _parse(stream, scanner.begin, scanner.end, scanner)
    return scanner.scans


class _Texts:
    """Collects the texts between tags while `text` is a list."""

    text: list[str] | None = None

    def take(self, piece: str) -> None:
        if self.text is not None:
            self.text.append(piece)


class _XlsxScanner(_Texts):
    def __init__(self) -> None:
        self.scan = SheetScan()
        self._row = self._column = -1
        self._error = self._is_text = self._waits = False

    def begin(self, tag: str, attributes: _Attributes) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self._is_text, self._waits = attributes.get("t") == "str", False
            if "r" in attributes:
                self._row, self._column = find_cell(attributes["r"])
            else:
                self._column += 1
            self._error = attributes.get("t") == "e"
        elif name == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1
            self.scan.num_hidden_rows += attributes.get("hidden") in ("1", "true")
        elif name in {"v", "is", "f"} and self._column >= 0:
            self.scan.fill(self._row, self._column)
            self.text = [] if name == "v" and self._error else None
            self._waits = name == "f" and not self._is_text

    def end(self, tag: str) -> None:
        if self.text is not None and tag.rpartition(":")[2] == "v":
            self.scan.errors[self._row, self._column] = "".join(self.text)
            self.text = None
        elif self._waits and tag.rpartition(":")[2] == "c":
            self.scan.add_formula((self._row, self._column))


class _OdsScanner(_Texts):
    def __init__(self) -> None:
        self.scans: dict[str, SheetScan] = {}
        self._scan = SheetScan()
        self._row = self._next_row = self._column = self._next_column = 0
        self._error = self._filled = False
        self._num_spaces = 0

    def begin(self, tag: str, attributes: _Attributes) -> None:
        if tag == "table:table":
            self._scan = self.scans.setdefault(attributes.get("table:name", ""), SheetScan())
            self._next_row = 0
        elif tag == "table:table-row":
            self._row = self._next_row
            self._next_row += int(attributes.get("table:number-rows-repeated", "1"))
            self._next_column = 0
        elif tag in {"table:table-cell", "table:covered-table-cell"}:
            self._column = self._next_column
            self._next_column += int(attributes.get("table:number-columns-repeated", "1"))
            self._error = attributes.get("calcext:value-type") == "error"
            self._filled = "office:value-type" in attributes
            if self._filled:
                self._scan.fill(self._row, self._column)
                self._scan.fill(self._next_row - 1, self._next_column - 1)
            self.text = [] if self._error else None
        elif tag == "text:s":
            self._num_spaces += int(attributes.get("text:c", "1"))
            if self._num_spaces > _MAX_SPACES:
                raise ValueError(f"it claims {self._num_spaces:,} spaces")

    def end(self, tag: str) -> None:
        if self.text is not None and tag in {"table:table-cell", "table:covered-table-cell"}:
            if self._next_column - self._column == 1 and self._next_row - self._row == 1:
                self._scan.errors[self._row, self._column] = "".join(self.text).strip()
            self.text = None


def _refuse_types(name: str, *_: object) -> None:
    raise ValueError(f"a document type is declared for {name!r:.80}, whose entities could stand in for cells")


def _parse(
    stream: IO[bytes], begin: Callable[[str, _Attributes], None], end: Callable[[str], None], texts: _Texts
) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = texts.take
    parser.StartDoctypeDeclHandler = _refuse_types
    while chunk := stream.read(CHUNK_BYTES):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)
