"""Rows one by one: their lines, their bytes, their faults."""

import csv
import io
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.tables.reading.text.row_limits import LongLineError
from riskmodel.tables.reading.text.rows import (
    NEVER_CLOSED,
    TEXT_AFTER_QUOTE,
    TEXT_BEFORE_QUOTE,
    TOO_MANY_CELLS,
    RawRow,
    for_pyarrow,
    scan_lines,
    scan_rows,
    split_row,
)
from riskmodel.tables.schema.dialect import Dialect


class Dribble(io.RawIOBase):
    """A stream that returns a few bytes at a time."""

    def __init__(self, content: bytes, size: int) -> None:
        self._stream, self._size = io.BytesIO(content), size

    def read(self, size: int = -1) -> bytes:
        return self._stream.read(self._size)


def scan(content: bytes, **choices: object) -> list[RawRow]:
    return list(scan_rows(io.BytesIO(content), Dialect(**choices)))


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"a\nb\n", [b"a\n", b"b\n"]),
        (b"a\r\nb", [b"a\r\n", b"b"]),
        (b"a\rb\r", [b"a\r", b"b\r"]),
        (b"\n\r\n\r", [b"\n", b"\r\n", b"\r"]),
        (b"a\x0bb\x0c\x1cc\xc2\x85d\n", [b"a\x0bb\x0c\x1cc\xc2\x85d\n"]),
        (b"", []),
    ],
)
def test_lines_end_as_every_system_ends_them(content: bytes, lines: list[bytes], size: int) -> None:
    assert list(scan_lines(Dribble(content, size))) == lines


def test_rows_have_their_first_line_and_number_of_cells() -> None:
    rows = scan(b'a,b\n"two\nlines",2\n\n5" pipe,x,y\r\n"say ""hi""",')
    assert [(row.line, row.num_cells) for row in rows] == [(1, 2), (2, 2), (4, 0), (5, 3), (6, 2)]
    assert not any(row.fault for row in rows)
    assert split_row(rows[1].content, Dialect()) == ["two\nlines", "2"]


def test_only_the_first_line_of_a_malformed_row_is_rejected() -> None:
    rows = scan(b'a,b\n1,"open\n3,4\n5,"x"y\n7,8\n')
    assert [(row.line, row.fault) for row in rows] == [
        (1, ""),
        (2, TEXT_AFTER_QUOTE),
        (3, ""),
        (4, TEXT_AFTER_QUOTE),
        (5, ""),
    ]
    assert rows[1].content == b'1,"open\n'


def test_a_quote_that_is_never_closed() -> None:
    rows = scan(b'a,b\n1,"open\n3,4\n')
    assert [(row.line, row.fault) for row in rows] == [(1, ""), (2, NEVER_CLOSED), (3, "")]


def test_quotes_that_are_never_closed_in_every_line_take_no_longer_than_one() -> None:
    started = time.perf_counter()
    rows = scan(b"id,a\n" + b'",x","y\n' * 20_000)
    assert [row.fault for row in rows] == ["", *[NEVER_CLOSED] * 20_000]
    assert time.perf_counter() - started < 10


def test_a_line_separator_inside_a_cell_ends_no_line() -> None:
    assert split_row("a\u2028b\x0c,c\x85d\n".encode(), Dialect()) == ["a\u2028b\x0c", "c\x85d"]


def test_comments_are_ignored_except_inside_a_cell() -> None:
    rows = scan(b'# "note\na,b\n"x\n# no note",2\n#end\n', comment="#")
    assert [row.line for row in rows] == [2, 3]
    assert split_row(rows[1].content, Dialect()) == ["x\n# no note", "2"]


def test_an_escape_keeps_a_delimiter_in_its_cell() -> None:
    (row,) = scan(b'a\\,b,"say \\"hi\\""\n', escape="\\")
    assert row.num_cells == 2
    assert split_row(row.content, Dialect(escape="\\")) == ["a,b", 'say "hi"']


@given(st.text(st.sampled_from('ab,"\n\r é'), max_size=60))
def test_no_byte_is_lost_and_no_line_miscounted(text: str) -> None:
    content = text.encode()
    rows = scan(content)
    assert b"".join(row.content for row in rows) == content
    line = 1
    for row in rows:
        assert row.line == line
        line += len(row.content.splitlines())


@given(st.lists(st.lists(st.text(st.sampled_from('ab,"\n\r é'), max_size=8), min_size=2, max_size=4), min_size=1))
def test_output_of_the_csv_module_is_split_the_same(rows: list[list[str]]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    result = scan(stream.getvalue().encode())
    assert [split_row(row.content, Dialect()) for row in result] == rows


def test_time_is_linear_in_the_length_of_lines() -> None:
    """A long line is joined once, and the lines of an open cell are passed on together."""
    reads = [b"a" * 7] * 50 + [b"\n", b"b\r", b"\nc"]
    stream = io.BytesIO(b"".join(reads))
    assert list(scan_lines(Dribble(stream.getvalue(), 7))) == [b"a" * 350 + b"\n", b"b\r\n", b"c"]
    (header, row) = scan(b'a,b\n1,"' + b"x\n" * 100_000 + b'"\n')
    assert (header.num_cells, row.num_cells, len(row.content)) == (2, 2, 200_005)


def test_a_cell_of_too_many_lines_counts_as_never_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riskmodel.tables.reading.text.rows.MAX_ROW_BYTES", 1000)
    rows = scan(b'1,"' + b"x\n" * 100 + b'"\n2,3\n')
    assert (rows[0].fault, rows[0].content, rows[-1].num_cells) == (NEVER_CLOSED, b'1,"x\n', 2)


def test_a_line_that_is_too_long_is_located(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riskmodel.tables.reading.text.rows.MAX_ROW_BYTES", 1 << 20)
    with pytest.raises(LongLineError) as raised:
        list(scan_rows(io.BytesIO(b"a,b\n1,2\n" + b"x" * (3 << 20)), Dialect(), first_line=5))
    assert (raised.value.line, raised.value.max_bytes) == (7, 1 << 20)


@pytest.mark.parametrize(
    ("row", "choices"),
    [
        (b'"x"' + b"," * 100, {}),
        (b'"x,,,,","",' + b'"a,b",' * 98, {}),
        (b'"a\\",b"' + b",\\," * 100, {"escape": "\\"}),
        (b'"x", "a,b"' + b", '" * 99, {"skip_initial_space": True}),
    ],
)
def test_a_row_of_too_many_cells_is_a_fault_and_a_cell_of_many_delimiters_is_not(
    row: bytes, choices: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("riskmodel.tables.reading.text.row_limits.MAX_COLUMNS", 101)
    monkeypatch.setattr("riskmodel.tables.reading.text.row_limits._GROWTH", 1.001)
    text = b'"' + b"," * 1000 + b'\n",2\n'
    few = scan(row + b"\n" + text, **choices)
    assert [(row.fault, row.num_cells) for row in few] == [("", 101), ("", 2)]
    many = scan(row + b",\n" + text, **choices)
    assert many[0].fault == TOO_MANY_CELLS
    lines = scan(b'"\n",' + row + b"\n" + text, **choices)
    assert lines[0].fault == NEVER_CLOSED  # as for any row that is too long
    assert (many[-1].fault, many[-1].num_cells) == ("", 2)


def test_text_before_an_opening_quote_is_a_fault_where_cells_are_merged() -> None:
    rows = scan(b'1,20"Bert, old",x\n1,5",6"\n"a ""b, c""",2\n"x",20"Bert, old"\n5" pipe, 6" tube,x\n')
    assert [row.fault for row in rows] == [TEXT_BEFORE_QUOTE, "", "", TEXT_BEFORE_QUOTE, ""]


@pytest.mark.parametrize(
    "row", [b'x,5"' + b', """' * 9_000, b'x"y' + b",z" * 19_000, b'"' * 1_000_000, b'5"' + b',"",' * 9_000]
)
def test_time_is_linear_in_the_length_of_a_row_of_quotes(row: bytes) -> None:
    """With a new search from each delimiter, such a row took hours."""
    assert [scanned.fault for scanned in scan(row + b"\n")] == [""]


def test_spaces_after_delimiters_and_text_backslashes_reach_pyarrow_as_plain_cells() -> None:
    spaced = Dialect(skip_initial_space=True)
    assert for_pyarrow(b'1,  a b, "x, ""y"", z"\n 2,"p,  q", r\n', spaced) == b'1,a b,"x, ""y"", z"\n2,"p,  q",r\n'
    assert for_pyarrow(b'C:\\new,"\\"hi\\"",a\\,b\\\n', Dialect(escape="\\")) == b'C:\\\\new,"\\"hi\\"",a\\,b\\\\\n'
