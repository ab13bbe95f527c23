"""Detection of a text file's dialect from its content, with its uncertainties."""

import csv
import io
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from riskmodel.errors import DataError
from riskmodel.tables.files.source import (
    HEAD_BYTES,
    Compression,
    count_end_marks,
    detect_compression,
    read_head,
    show_name,
)
from riskmodel.tables.reading.encodings.candidates import EncodingChoice
from riskmodel.tables.reading.encodings.detection import detect_encoding, open_utf8
from riskmodel.tables.reading.layout.dialect_search import Layout, find_layout
from riskmodel.tables.reading.layout.footer_search import count_footer_lines
from riskmodel.tables.reading.text.text_formats import describe_text_format
from riskmodel.tables.schema.dialect import Dialect
from riskmodel.wording import plural

TAIL_BYTES = 1 << 14
_MAX_ROW_BYTES = 1 << 24


def detect_dialect(path: str | os.PathLike[str], delimiter: str | None = None) -> Dialect:
    """The dialect of a file by its content, not its name.

    Args:
        path: The file.
        delimiter: The delimiter, if known; lines around the table are detected accordingly.

    Raises:
        DataError: The file is missing, empty, damaged, or not a delimited text file.
    """
    return examine_dialect(path, delimiter).dialect


@dataclass(frozen=True)
class Examination:
    """The detected dialect of a file, with its uncertainties.

    Attributes:
        dialect: The likeliest.
        encoding: Its encoding, and alternatives.
        notes: Messages for the analyst about an uncertain encoding and excluded footer lines.
        doubt: Why the cells seem wrongly split, and the remedy; empty without a problem.
    """

    dialect: Dialect
    encoding: EncodingChoice
    notes: tuple[str, ...]
    doubt: str


def examine_dialect(path: str | os.PathLike[str], delimiter: str | None = None) -> Examination:
    """The dialect of a file and its uncertainties; arguments and errors as for `detect_dialect`."""
    compression = detect_compression(path)
    head = read_head(path, compression)
    choice = detect_encoding(path, compression, head)
    text = _decode_head(head, choice.encoding)
    _refuse_other_formats(path, text)
    layout = find_layout(text, (delimiter,)) if delimiter else find_layout(text)
    tail = _read_tail(path, compression, choice.encoding)
    dialect = Dialect(
        encoding=choice.encoding,
        delimiter=layout.delimiter,
        quote=layout.quote,
        escape=layout.escape,
        comment=layout.comment,
        skip_lines=layout.skip_lines,
        header_lines=layout.header_lines,
        footer_lines=count_footer_lines(tail, layout, lambda: _read_rows(path, choice.encoding, layout)),
        compression=compression,
        skip_initial_space=layout.skip_initial_space,
    )
    doubt = f"File {show_name(path)}: {layout.doubt}. Read as {dialect.description}." if layout.doubt else ""
    notes = (*choice.notes, *_describe_end(path, dialect))
    return Examination(dialect, choice, notes, doubt)


def _describe_end(path: str | os.PathLike[str], dialect: Dialect) -> tuple[str, ...]:
    """Messages about excluded lines at the end of a file."""
    notes = []
    if dialect.footer_lines:
        one = "The last line was excluded: a total, a count of rows or a note."
        many = f"The last {dialect.footer_lines} lines were excluded: totals, counts of rows or notes."
        notes.append(plural(dialect.footer_lines, one, many))
    if dialect.compression == "none" and count_end_marks(path):
        notes.append("The mark at the end of the file (Ctrl-Z, 0x1A) was excluded.")
    return tuple(notes)


def _refuse_other_formats(path: str | os.PathLike[str], text: str) -> None:
    what, how = describe_text_format(text)
    if what:
        raise DataError(f"File {show_name(path)} is {what}, not delimited text. Export the table as CSV{how}.")


def _decode_head(head: bytes, encoding: str) -> str:
    """The text of the first bytes, up to their last line end if more follow."""
    text = head.decode(encoding, errors="ignore").removeprefix("\ufeff")
    if len(head) == HEAD_BYTES and ("\n" in text or "\r" in text):
        text = text[: max(text.rfind("\n"), text.rfind("\r"))]
    return text


def _read_rows(path: str | os.PathLike[str], encoding: str, layout: Layout) -> Iterator[list[str]]:
    """All rows that can be split into cells and are not longer than 16 MiB."""
    waiting = 0
    with open_utf8(path, "none", encoding) as stream, io.TextIOWrapper(stream, "utf-8", newline="") as text:

        def lines() -> Iterator[str]:
            nonlocal waiting
            while (line := text.readline(_MAX_ROW_BYTES)) and (waiting := waiting + len(line)) < _MAX_ROW_BYTES:
                yield line

        escape = layout.escape or None
        with suppress(csv.Error, UnicodeError):
            for row in csv.reader(lines(), delimiter=layout.delimiter, quotechar=layout.quote, escapechar=escape):
                waiting = 0
                yield row


def _read_tail(path: str | os.PathLike[str], compression: Compression, encoding: str) -> str:
    """The last lines; empty for a compressed file, whose end is not accessible without the rest."""
    if compression != "none":
        return ""
    with Path(path).open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        # An even number of bytes from an even offset keeps UTF-16 aligned.
        stream.seek(max(0, size - TAIL_BYTES) // 4 * 4)
        text = stream.read().rstrip(b"\x1a").decode(encoding, errors="ignore")
    return text if size <= TAIL_BYTES else text[text.find("\n") + 1 :]
