"""Generated files of every kind exported by banks' systems, with known dialects and cells."""

import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from riskmodel.tables.schema.dialect import Dialect

LETTERS = {
    "utf-8": "é 李 ß",
    "utf-8-sig": "é 李 ß",
    "utf-16": "é 李 ß",
    "gb18030": "逾期 客户",
    "big5": "逾期 客戶",
    "shift_jis": "延滞 カナ",
    "cp1252": "é ß € ñ",
    "latin-1": "é ß ñ",
}
PREAMBLES = {0: "", 1: "Customers of May{end}", 3: "Bank export{end}{end}made for risk{end}"}
FOOTERS = {0: "", 1: "Total{end}"}
# Each is malformed, and only it is rejected.
REJECTS = {
    "none": (),
    "short": ("x9",),
    "long": ("x9{d}1{d}2{d}3{d}4{d}5",),
    "after a quote": ('x9{d}"1"2{d}3{d}4',),
}


@dataclass(frozen=True)
class CorpusFile:
    """A file, its dialect, and its expected content.

    Attributes:
        name: Its description.
        content: Its bytes.
        dialect: Its dialect.
        cells: The header and every well-formed row, as read by the csv module.
        rejects: The line and text of every malformed row.
    """

    name: str
    content: bytes
    dialect: Dialect
    cells: list[list[str]]
    rejects: list[tuple[int, str]]

    def write(self, folder: Path) -> Path:
        """Write it and return its path."""
        path = folder / "customers.csv"
        path.write_bytes(self.content)
        return path


def make_corpus() -> Iterator[CorpusFile]:
    """Every combination that makes sense."""
    for encoding, delimiter, quoting, end in itertools.product(
        LETTERS, (",", ";", "\t", "|"), (csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC), ("\n", "\r\n", "\r")
    ):
        for preamble, footer, spoilt in itertools.product(PREAMBLES, FOOTERS, REJECTS):
            # All variants of the end with some of the rest, and vice versa.
            if end == "\n" or (preamble, footer) in ((0, 0), (3, 1)):
                yield _make(encoding, delimiter, quoting, end, preamble, footer, spoilt)


def _make(encoding: str, delimiter: str, quoting: int, end: str, preamble: int, footer: int, spoilt: str) -> CorpusFile:
    letters = LETTERS[encoding]
    decimal = "," if delimiter != "," else "."
    rows: list[list[object]] = [["id", "name", f"amount {letters[0]}", "note"]]
    for number in range(1, 13):
        note = ("", letters, f"a{delimiter}b", 'say "hi"', f"two{end}lines", " x ", "0007")[number % 7]
        rows.append([number, f"{letters} {number}", f"{number * 1000}{decimal}50", note])
    pieces = [_as_text([row], delimiter, quoting, end) for row in rows]
    cells = [row for piece in pieces for row in csv.reader(io.StringIO(piece, newline=""), delimiter=delimiter)]
    rejected = [text.format(d=delimiter) for text in REJECTS[spoilt]]
    at = 5
    before = PREAMBLES[preamble].format(end=end)
    line = 1 + _count(before) + sum(map(_count, pieces[:at]))
    text = before + "".join([*pieces[:at], *(row + end for row in rejected), *pieces[at:]])
    text += FOOTERS[footer].format(end=end)
    return CorpusFile(
        name=f"{encoding} {delimiter!r} {quoting} {end!r} preamble {preamble} footer {footer} rejects {spoilt}",
        content=text.encode(encoding),
        dialect=Dialect(encoding=encoding, delimiter=delimiter, skip_lines=preamble, footer_lines=footer),
        cells=cells,
        rejects=[(line + number, row) for number, row in enumerate(rejected)],
    )


def _as_text(rows: list[list[object]], delimiter: str, quoting: int, end: str) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(rows)  # type: ignore[arg-type]
    return stream.getvalue()


def _count(text: str) -> int:
    return len(list(io.StringIO(text, newline="")))
