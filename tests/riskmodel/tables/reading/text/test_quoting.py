"""Quotes: the fast check compared with the csv module's strict reading."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.errors import DataError
from riskmodel.tables.reading.text.quoting import QuoteWatch, check_quotes
from riskmodel.tables.reading.text.reading import read_strings
from riskmodel.tables.schema.dialect import Dialect

BY_THE_RULES = [
    b"a,b\n1,2\n",
    b'a,b\n"1","2"\n',
    b'"a","b"\n1,"x,y"',
    b'a,b\n1,""\n',
    b'a,b\n"""1""",""""\n',
    b'a,b\n"say ""hi"" now",2\r\n',
    b'a,b\n"two\nlines",2\n',
    b'\xef\xbb\xbf"a",b\n1,2\n',
    b"",
]
BROKEN = [
    (b'a,b\n1,"2\n3,4\n', "opened in the row that begins in line 2 is never closed"),
    (b'a,b\n1,2\n3,"4', "opened in the row that begins in line 3 is never closed"),
    (b'a,b\n1,"x"y\n3,4\n', "in the row that begins in line 2, text follows a closing quote"),
    (b'a,b\n"two\nlines",2\n""x,4\n', "in the row that begins in line 4, text follows a closing quote"),
]


def is_in_doubt(content: bytes, piece: int) -> bool:
    watch = QuoteWatch(Dialect())
    for start in range(0, len(content), piece):
        watch.feed(content[start : start + piece])
    watch.finish()
    return watch.in_doubt


@pytest.mark.parametrize("content", BY_THE_RULES)
@pytest.mark.parametrize("piece", [1, 2, 3, 1000])
def test_a_valid_table_passes_the_fast_check(content: bytes, piece: int) -> None:
    content = content if piece > 2 else content.removeprefix(b"\xef\xbb\xbf")
    assert not is_in_doubt(content, piece)


@pytest.mark.parametrize(("content", "words"), BROKEN)
@pytest.mark.parametrize("piece", [1, 2, 3, 1000])
def test_broken_quotes_are_detected_and_located(tmp_path: Path, content: bytes, words: str, piece: int) -> None:
    assert is_in_doubt(content, piece)
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=words):
        check_quotes(path, Dialect())


def test_a_quote_inside_an_unquoted_cell_is_inconclusive_but_valid(tmp_path: Path) -> None:
    content = b'a,b\n5" pipe,1\n6" pipe,2\n'
    assert is_in_doubt(content, 1000)
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    check_quotes(path, Dialect())


@given(st.text(alphabet='",\nx', max_size=30), st.integers(1, 7))
def test_text_rejected_by_strict_csv_never_passes_the_fast_check(text: str, piece: int) -> None:
    try:
        list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        assert is_in_doubt(text.encode(), piece)


@pytest.mark.parametrize("size", [(1 << 19) - 1, 1 << 19, (1 << 19) + 1])
def test_quotes_at_the_boundary_of_a_piece_have_both_neighbors(size: int) -> None:
    filled = b"x" * (size - 3) + b"\n"
    assert not is_in_doubt(filled + b'"a"\n"b"\n' + filled, 4 << 20)
    assert not is_in_doubt(filled + b'"a""b"\n"c"\n' + filled, 4 << 20)
    assert is_in_doubt(filled + b'"a"b\n' + filled, 4 << 20)
    assert is_in_doubt(filled + b'a"b"\n' + filled, 4 << 20)
    assert is_in_doubt(filled + b'"a\n' + filled, 4 << 20)


def test_rows_with_other_quotes_are_located(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_text('id,name\n1,"Anna, A"\n2,"Bert, B"\n3,\'Carl, C\'\n4,"Dora, D"\n')
    with pytest.raises(DataError) as failure:
        read_strings(path)
    assert str(failure.value) == (
        "File 'mixed.csv': 1 row does not have the header's 2 cells (line 4 has 3). Read as UTF-8, separated by "
        "commas. 1 of them would have 2 with ' as the quote character: the file mixes two. Use one in all rows, or "
        "correct these lines."
    )
