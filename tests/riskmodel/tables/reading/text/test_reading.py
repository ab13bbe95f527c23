"""Reading: every cell as written, or an error with its location."""

import csv
import gzip
import io
import lzma
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskmodel.errors import DataError, DataWarning
from riskmodel.tables.reading.encodings.detection import open_utf8
from riskmodel.tables.reading.text.checked_stream import WatchedStream
from riskmodel.tables.reading.text.detection import detect_dialect
from riskmodel.tables.reading.text.reading import BatchReader, open_batches, read_rows, read_strings
from riskmodel.tables.schema.dialect import Dialect
from tests.real_data import real_data


@pytest.fixture
def write(tmp_path: Path):
    def write_file(content: bytes | str) -> Path:
        path = tmp_path / "table.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write_file


def read_by_csv_module(path: Path, dialect: Dialect) -> list[list[str]]:
    with (
        open_utf8(path, dialect.compression, dialect.encoding) as stream,
        io.TextIOWrapper(stream, "utf-8-sig", newline="") as text,
    ):
        return [row for row in csv.reader(text, delimiter=dialect.delimiter) if row]


def as_rows(table: pa.Table) -> list[list[str]]:
    return [table.column_names, *(list(row) for row in zip(*table.to_pydict().values(), strict=True))]


def test_cells_stay_exactly_as_written(write) -> None:
    path = write('id,big,text,gap\n007,9007199254740993," x ",\n"1e3",-0,"say ""hi"", ok",NA\n')
    table = read_strings(path)
    assert table.to_pydict() == {
        "id": ["007", "1e3"],
        "big": ["9007199254740993", "-0"],
        "text": [" x ", 'say "hi", ok'],
        "gap": ["", "NA"],
    }
    assert set(table.schema.types) == {pa.string()}
    assert all(column.null_count == 0 for column in table.columns)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system(write, end: str) -> None:
    assert read_strings(write(f"a,b{end}1,2{end}3,4{end}")).to_pydict() == {"a": ["1", "3"], "b": ["2", "4"]}


@pytest.mark.filterwarnings("ignore:The encoding is uncertain")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252", "gb18030"])
@pytest.mark.parametrize("compress", [bytes, gzip.compress, lzma.compress])
def test_encodings_and_compressions(write, encoding: str, compress) -> None:
    word = "广州中文" if encoding == "gb18030" else "Müller"
    path = write(compress(f"name;n\n{word};1\n".encode(encoding)))
    assert read_strings(path).to_pydict() == {"name": [word], "n": ["1"]}
    assert [batch.to_pydict() for batch in open_batches(path)] == [{"name": [word], "n": ["1"]}]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(st.text(alphabet='ab1ß ,;"\r\n\t|', max_size=6), min_size=width, max_size=width),
            min_size=1,
            max_size=8,
        )
    ),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_output_of_the_csv_module_is_read_back(write, rows: list[list[str]], quoting: int) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=quoting, lineterminator="\r\n")  # so that a lone CR is quoted as well
    header = [f"column{number}" for number in range(len(rows[0]))]
    rows = [["1"] * len(header), *(row for row in rows if any(map(str.strip, row)) or len(row) == 1)]
    writer.writerows([header, *rows])
    path = write(text.getvalue())
    assert as_rows(read_strings(path, Dialect())) == [header, *rows]
    batches = list(open_batches(path, Dialect(), block_bytes=64))
    assert as_rows(pa.Table.from_batches(batches)) == [header, *rows]


@pytest.mark.parametrize("filler", range(60, 70))
def test_a_line_end_inside_a_cell_survives_the_end_of_a_block(write, filler: int) -> None:
    # pyarrow drops a line feed that begins a block after a carriage return that ended the one before.
    rows = [["a" * filler, "x"], ["two\r\nlines", "y"], ["\r\n", "z"]]
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([["column0", "column1"], *rows])
    path = write(text.getvalue())
    for block_bytes in range(64, 128):
        batches = list(open_batches(path, Dialect(), block_bytes=block_bytes))
        assert as_rows(pa.Table.from_batches(batches)) == [["column0", "column1"], *rows], block_bytes


@pytest.mark.parametrize(
    ("name", "num_rows", "num_columns"),
    [
        ("taiwan_default/customers.csv", 30_000, 25),
        ("south_german_credit/SouthGermanCredit.asc", 1_000, 21),
        ("polish_bankruptcy/1year.csv", 7_027, 65),
        ("polish_bankruptcy/5year.csv", 5_910, 65),
        ("berka/loans_labelled.csv", 682, 8),
        ("berka/card.asc", 892, 4),
    ],
)
def test_real_files_equal_the_csv_module(name: str, num_rows: int, num_columns: int) -> None:
    path = real_data(name)
    dialect = detect_dialect(path)
    table = read_strings(path, dialect)
    assert (table.num_rows, table.num_columns) == (num_rows, num_columns)
    assert as_rows(table) == read_by_csv_module(path, dialect)


def test_batches_are_small_and_together_the_table(write) -> None:
    path = write("a,b\n" + "".join(f"{row},x{row}\n" for row in range(5000)))
    reader = open_batches(path, block_bytes=4096)
    assert isinstance(reader, BatchReader)
    assert reader.names == ["a", "b"]
    assert reader.dialect == Dialect()
    batches = list(reader)
    assert len(batches) > 5
    assert pa.Table.from_batches(batches).equals(read_strings(path).combine_chunks())
    assert sum(batch.num_rows for batch in reader) == 5000, "a reader can be read again"


def test_blank_lines_carry_no_row_but_are_missing_cells_of_a_single_column(write) -> None:
    assert read_strings(write("a,b\n1,2\n\n3,4\n\n")).num_rows == 2
    assert read_strings(write("a\n1\n\n2\n")).to_pydict() == {"a": ["1", "", "2"]}


READERS = [read_strings, lambda path: list(open_batches(path))]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", r"'table\.csv' is empty"),
        (b"a,b\n", r"has a header line \(2 columns\) but no rows"),
        (b"a,b", r"has a header line \(2 columns\) but no rows"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a PNG image"),
        (b"PK\x03\x04aaaa", "a zip archive"),
        (b"a,b\n1,\x00\n", "NUL bytes"),
        (b'a,b\n1,"2\n3,4\n', "a quote .* opened in the row that begins in line 2 is never closed"),
        (b'a,b\n1,2\n3,"4', "a quote .* opened in the row that begins in line 3 is never closed"),
        (b'a,b\n1,"x"y\n', "in the row that begins in line 2, text follows a closing quote"),
        (
            b'a,b\n1,2\n"x\ny",4\n5\n6,7\n8,9,10\n',
            r"2 rows do not have the header's 2 cells \(line 5 has 1, line 7 has 3\)\. Read as UTF-8, separated",
        ),
        (b"a,b\n1\n" + b"1,2\n" * 20, r"1 row does not have the header's 2 cells \(line 2 has 1\)"),
        (
            b"a,b\n1,2,3\n2,3,4\n1,2\n3,3,3\n4,4,4\n" + b"1,2\n" * 20,
            r"4 rows do not .*line 2 has 3, line 3 has 3, line 5 has 3, …",
        ),
    ],
)
def test_bad_files_raise_data_errors(write, read, content: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read(write(content))


@pytest.mark.parametrize("read", [read_strings, lambda path, dialect: list(open_batches(path, dialect))])
def test_a_chosen_encoding_is_strict(write, read) -> None:
    path = write(b"a,b\n" + b"1,2\n" * 1_000_000 + "ü,3\n".encode("cp1252"))
    for encoding in ("utf-8", "ascii"):
        with pytest.raises(DataError, match=rf"cannot be read as {encoding}: line 1,000,002 has the byte fc"):
            read(path, Dialect(encoding=encoding))


def test_an_unclosed_quote_in_a_large_file_is_named_while_streaming(write) -> None:
    path = write(b"a,b\n" + b"1,2\n" * 50_000 + b'3,"4\n' + b"5,6\n" * 2_000_000)
    with pytest.raises(DataError, match="opened in the row that begins in line 50,002 is never closed"):
        for _ in open_batches(path):
            pass


def test_blank_and_duplicate_names_are_replaced_with_a_message(write) -> None:
    path = write(b"a,b,a, ,a (2)\n1,2,3,4,5\n")
    reader = BatchReader(path)
    assert reader.names == ["a", "b", "a (3)", "column 4", "a (2)"]
    assert reader.notes == (
        "The name 'a' is used more than once: column 3 is called 'a (3)'.",
        "Column 4 has no name: it is called 'column 4'.",
    )
    with pytest.warns(DataWarning) as caught:
        table = read_strings(path)
    assert tuple(str(warning.message) for warning in caught) == reader.notes
    assert table["a (3)"].to_pylist() == ["3"]


def test_lines_around_the_table_are_excluded_by_the_dialect(write) -> None:
    path = write(b"Customers\n\nid,amount\n# checked\n1,2\n3,4\nTotal,6\n\n")
    dialect = Dialect(skip_lines=2, footer_lines=1, comment="#")
    assert read_strings(path, dialect).to_pydict() == {"id": ["1", "3"], "amount": ["2", "4"]}
    assert sum(batch.num_rows for batch in open_batches(path, dialect)) == 2


@pytest.mark.parametrize(
    ("content", "header_lines", "names", "first"),
    [
        (b"1,2\n3,4\n", 0, ["column 1", "column 2"], "1"),
        (b"a,b\n3,4\n", 1, ["a", "b"], "3"),
        (b'X1,X2\nid,"due\n(EUR)"\n3,4\n', 2, ["X1 id", "X2 due\n(EUR)"], "3"),
        (b"a,\n,b\n3,4\n", 2, ["a", "b"], "3"),
    ],
)
def test_headers_of_no_and_several_lines(
    write, content: bytes, header_lines: int, names: list[str], first: str
) -> None:
    table = read_strings(write(content), Dialect(header_lines=header_lines))
    assert table.column_names == names
    assert table[names[0]].to_pylist()[0] == first


def test_a_header_longer_than_a_block(write) -> None:
    names = [f"{number:0>9000}" for number in range(700)]
    table = read_strings(write(f"{','.join(names)}\n1{',2' * 699}\n".encode()))
    assert table.column_names == names


@pytest.mark.parametrize("second", [b"1,2,3\n", b'1,5"\n'])
@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_bytes_of_another_encoding_after_another_fault_are_a_data_error(write, second, encoding) -> None:
    path = write(b"id,x\n" + second + b"1,2\n" * 400_000 + b'"\xff",2\n')
    with pytest.raises(DataError, match=rf"as {encoding}: line 400,003 has"):
        list(open_batches(path, Dialect(encoding=encoding), 1 << 16))


def test_a_name_with_a_line_separator_does_not_hide_the_others(write) -> None:
    assert read_strings(write("a\u2028b,c\n007,1\n".encode())).to_pylist() == [{"a\u2028b": "007", "c": "1"}]


def test_nothing_is_read_after_a_reader_is_abandoned(write) -> None:
    stream = WatchedStream(io.BytesIO(b"a,b\n1,2\n"), "x.csv", Dialect())
    assert stream.read(4) == b"a,b\n"
    stream.end()
    assert stream.read(4) == b""


def test_a_row_longer_than_a_block_does_not_shift_other_rows(write) -> None:
    ids = [str(number) for number in range(600)]
    rows = [f'{key},"{"y" * 20 if key != "300" else "y@" * 3000}"'.replace("@", chr(10)) for key in ids]
    path = write("\n".join(["id,note", *rows, ""]).encode())
    for _ in range(50):
        assert [key for batch in open_batches(path, None, 1024) for key in batch.column(0).to_pylist()] == ids


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b'"name","x","y"\n"0","a0",5,7\n"1","a1",5,7\n"2","a2",5,7\n', ["column 1", "name", "x", "y"]),
        (b"name,x,y\na0,5,7,\na1,5,7,\na2,5,7,\n", ["name", "x", "y", "column 4"]),
        (b"id;amount\n" + b"1;2\n" * 5, ["id", "amount"]),
        (b"Report\nid;amount\n" + b"1;2\n" * 5, ["id", "amount"]),
    ],
    ids=["R", "a delimiter at every row's end", "plain", "a line above"],
)
def test_a_header_that_lacks_one_name_is_still_the_header(write, content: bytes, names: list[str]) -> None:
    table, rejects = read_rows(write(content))
    assert (table.column_names, rejects.num_rows) == (names, 0)
    assert table.num_rows == content.count(b"\n") - 1 - content.startswith(b"Report")


def test_a_row_with_a_cell_too_many_gives_no_column_a_blank_name(write) -> None:
    table, rejects = read_rows(write(b"a,b\n1,2,3\n" + b"1,2\n" * 20))
    assert (table.column_names, table.num_rows, rejects.num_rows) == (["a", "b"], 20, 1)


def test_too_many_columns_are_an_error(write) -> None:
    with pytest.raises(DataError, match=r"has 20,001 columns; at most 20,000 can be read"):
        read_strings(write((b"," * 20_000 + b"\n") * 2))


@pytest.mark.parametrize("marks", [{"delimiter": '"'}, {"delimiter": "#", "comment": "#"}, {"delimiter": "\n"}])
def test_equal_special_characters_are_an_error(marks: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"must differ|should match pattern"):
        Dialect(**marks)


def test_the_last_cell_before_excluded_lines_may_be_blank(write) -> None:
    dialect = Dialect(footer_lines=1)
    assert read_strings(write(b"a\n1\n\n \nTotal\n\n"), dialect)["a"].to_pylist() == ["1", "", " "]
    assert read_strings(write(b"a\n1\n\nTotal\n"), dialect)["a"].to_pylist() == ["1", ""]
