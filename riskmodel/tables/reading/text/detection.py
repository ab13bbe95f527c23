"""How a file of text is written, found from its content: its dialect, and what is uncertain about it."""

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
from riskmodel.tables.reading.encodings.detection import detect_encoding, open_utf8
from riskmodel.tables.reading.encodings.rivals import EncodingChoice
from riskmodel.tables.reading.layout.dialect_search import Layout, find_layout
from riskmodel.tables.reading.layout.footer_search import count_footer_lines
from riskmodel.tables.reading.text.text_formats import describe_text_format
from riskmodel.tables.schema.dialect import Dialect

TAIL_BYTES = 1 << 14
_LONGEST_ROW = 1 << 24


def detect_dialect(path: str | os.PathLike[str], delimiter: str | None = None) -> Dialect:
    """Find how a file is written; its name and ending are not looked at.

    Args:
        path: The file.
        delimiter: By which its cells are cut, if that is known; lines around the table are found accordingly.

    Raises:
        DataError: The file is missing, empty, damaged, or not a table of text.
    """
    return examine_dialect(path, delimiter).dialect


@dataclass(frozen=True)
class Examination:
    """How a file seems to be written.

    Attributes:
        dialect: The likeliest.
        encoding: Its encoding, and others that it may be in.
        notes: Sentences for the analyst about an uncertain encoding and what was left out at the end.
        doubt: Why the cells seem to be cut wrongly, and what to do; empty where nothing is wrong.
    """

    dialect: Dialect
    encoding: EncodingChoice
    notes: tuple[str, ...]
    doubt: str


def examine_dialect(path: str | os.PathLike[str], delimiter: str | None = None) -> Examination:
    """How a file is written, and what is uncertain about it; arguments and errors as `detect_dialect`."""
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
    """Sentences about what is left out at the end of a file."""
    notes = []
    if dialect.footer_lines:
        count = dialect.footer_lines
        notes.append(
            "The last line was left out: a total, a count of rows or a note."
            if count == 1
            else f"The last {count} lines were left out: totals, counts of rows or notes."
        )
    if dialect.compression == "none" and count_end_marks(path):
        notes.append("The mark at the end of the file (Ctrl-Z, 0x1A) was left out.")
    return tuple(notes)


def _refuse_other_formats(path: str | os.PathLike[str], text: str) -> None:
    what, how = describe_text_format(text)
    if what:
        raise DataError(f"File {show_name(path)} is {what}, not delimited text. Export the table as CSV{how}.")


def _decode_head(head: bytes, encoding: str) -> str:
    """The text of the first bytes, up to their last line end where more follow."""
    text = head.decode(encoding, errors="ignore").removeprefix("\ufeff")
    if len(head) == HEAD_BYTES and ("\n" in text or "\r" in text):
        text = text[: max(text.rfind("\n"), text.rfind("\r"))]
    return text


def _read_rows(path: str | os.PathLike[str], encoding: str, layout: Layout) -> Iterator[list[str]]:
    """All rows, as far as they can be cut into cells and are not longer than 16 MiB."""
    waiting = 0
    with open_utf8(path, "none", encoding) as stream, io.TextIOWrapper(stream, "utf-8", newline="") as text:

        def lines() -> Iterator[str]:
            nonlocal waiting
            while (line := text.readline(_LONGEST_ROW)) and (waiting := waiting + len(line)) < _LONGEST_ROW:
                yield line

        escape = layout.escape or None
        with suppress(csv.Error, UnicodeError):
            for row in csv.reader(lines(), delimiter=layout.delimiter, quotechar=layout.quote, escapechar=escape):
                waiting = 0
                yield row


def _read_tail(path: str | os.PathLike[str], compression: Compression, encoding: str) -> str:
    """The last lines; none of a compressed file, whose end is not to be had without the rest."""
    if compression != "none":
        return ""
    with Path(path).open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        # An even number of bytes from an even place: UTF-16 stays in step.
        stream.seek(max(0, size - TAIL_BYTES) // 4 * 4)
        text = stream.read().rstrip(b"\x1a").decode(encoding, errors="ignore")
    return text if size <= TAIL_BYTES else text[text.find("\n") + 1 :]
