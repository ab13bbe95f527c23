"""Parquet and Arrow files: every type as text, cell by cell; errors for files without a table."""

import datetime
import decimal
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest

from riskmodel.errors import DataError
from riskmodel.tables.reading.open_table import detect_format, open_table, read_table

pytestmark = pytest.mark.usefixtures("in_process")

Write = Callable[[pa.Table, Path], None]


def write_parquet(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, row_group_size=2)


def write_file(table: pa.Table, path: Path) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=2)


def write_stream(table: pa.Table, path: Path) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=2)


def write_feather(table: pa.Table, path: Path) -> None:
    pyarrow.feather.write_feather(table, str(path), compression="zstd", chunksize=2)


WRITERS: list[Write] = [write_parquet, write_file, write_stream, write_feather]
MOMENT = datetime.datetime(2015, 3, 1, 10, 30)
MIDNIGHT = datetime.datetime(2015, 3, 1)
CASES: list[tuple[str, Any, list[str]]] = [
    ("integers", pa.array([2**63 - 1, None, -5]), ["9223372036854775807", "", "-5"]),
    ("unsigned", pa.array([2**64 - 1, 0, None], pa.uint64()), ["18446744073709551615", "0", ""]),
    ("floats", pa.array([3.0, 0.1, None]), ["3", "0.1", ""]),
    ("more floats", pa.array([1e22, 9007199254740992.0, -1e-7]), ["1e+22", "9007199254740992", "-1e-7"]),
    ("no numbers", pa.array([float("nan"), float("inf"), None]), ["nan", "inf", ""]),
    ("short floats", pa.array([0.1, 16777216.0, None], pa.float32()), ["0.1", "16777216", ""]),
    ("half floats", pa.array([0.5, 3.0, None], pa.float16()), ["0.5", "3", ""]),
    ("booleans", pa.array([True, False, None]), ["true", "false", ""]),
    ("texts", pa.array([" a ", "", None]), [" a ", "", ""]),
    ("large texts", pa.array(["007", "é", None], pa.large_string()), ["007", "é", ""]),
    ("text views", pa.array(["007", "é", None], pa.string_view()), ["007", "é", ""]),
    ("bytes", pa.array(["é".encode(), b"b", None]), ["é", "b", ""]),
    ("fixed bytes", pa.array([b"ab", b"cd", None], pa.binary(2)), ["ab", "cd", ""]),
    ("codes", pa.array(["a", "b", None]).dictionary_encode(), ["a", "b", ""]),
    (
        "UUIDs",
        pa.array(
            [uuid.UUID("f81d4fae-7dec-11d0-a765-00a0c91e6bf6").bytes, None, b"0123456789abcdef"], pa.binary(16)
        ).cast(pa.uuid()),
        ["f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "", "30313233-3435-3637-3839-616263646566"],
    ),
    ("number codes", pa.array([5, None, 5]).dictionary_encode(), ["5", "", "5"]),
    (
        "decimals",
        pa.array([decimal.Decimal("1.10"), decimal.Decimal("-0.0000001"), None], pa.decimal128(38, 7)),
        ["1.1000000", "-0.0000001", ""],
    ),
    (
        "long decimals",
        pa.array([decimal.Decimal(10**60), None, decimal.Decimal(-1)], pa.decimal256(70, 0)),
        ["1" + 60 * "0", "", "-1"],
    ),
    ("days", pa.array([MIDNIGHT.date(), datetime.date(1, 1, 1), None]), ["2015-03-01", "0001-01-01", ""]),
    ("long days", pa.array([MIDNIGHT.date(), None, None], pa.date64()), ["2015-03-01", "", ""]),
    (
        "midnights",
        pa.array([MIDNIGHT, datetime.datetime(1960, 1, 1), None], pa.timestamp("ns")),
        ["2015-03-01", "1960-01-01", ""],
    ),
    (
        "times",  # time and midnight are in different batches, but have the same form
        pa.array([MIDNIGHT, None, MOMENT], pa.timestamp("us")),
        ["2015-03-01 00:00:00", "", "2015-03-01 10:30:00"],
    ),
    (
        "fractions",
        pa.array([MIDNIGHT, None, MOMENT.replace(microsecond=500_000)], pa.timestamp("ms")),
        ["2015-03-01 00:00:00.000", "", "2015-03-01 10:30:00.500"],
    ),
    (
        "zones",
        pa.array([1425202200, 1435743000, None], pa.timestamp("s", "Europe/Berlin")),
        ["2015-03-01 10:30:00+01:00", "2015-07-01 11:30:00+02:00", ""],
    ),
    (
        "utc",
        pa.array([1425202200000, None, 0], pa.timestamp("ms", "UTC")),
        ["2015-03-01 09:30:00+00:00", "", "1970-01-01 00:00:00+00:00"],
    ),
    (
        "clocks",
        pa.array([datetime.time(1, 2, 3), datetime.time(1, 2, 3, 5), None]),
        ["01:02:03", "01:02:03.000005", ""],
    ),
    ("durations", pa.array([5, None, -5], pa.duration("s")), ["5", "", "-5"]),
    ("nothing", pa.nulls(3), ["", "", ""]),
]


@pytest.mark.parametrize("write", WRITERS)
def test_every_type_is_converted_to_text_without_loss(tmp_path: Path, write: Write) -> None:
    path = tmp_path / "customers.csv"
    table = pa.table({name: array for name, array, _ in CASES})
    write(table, path)
    reader = open_table(path)
    assert reader.names == table.column_names
    read = reader.read_all()
    assert read.schema.equals(reader.schema) and set(read.schema.types) == {pa.string()}
    assert all(column.null_count == 0 for column in read.columns)
    assert read.to_pydict() == {name: texts for name, _, texts in CASES}
    small = open_table(path, block_bytes=1)
    assert [batch.num_rows for batch in small] == [1, 1, 1]
    assert small.read_all().to_pydict() == read.to_pydict()


@pytest.mark.parametrize("kind", [pa.string_view(), pa.large_string(), pa.binary_view()])
def test_dictionaries_of_views_and_large_texts_are_read(tmp_path: Path, kind: pa.DataType) -> None:
    codes = pa.DictionaryArray.from_arrays(pa.array([1, None, 0], pa.uint32()), pa.array(["b", "a"]).cast(kind))
    write_file(pa.table({"code": codes}), tmp_path / "codes")
    assert read_table(tmp_path / "codes").to_pydict() == {"code": ["a", "", "b"]}


def test_a_stream_of_polars_is_an_arrow_file(tmp_path: Path) -> None:
    path = tmp_path / "table"
    polars.DataFrame({"code": ["a", "b"]}, {"code": polars.Categorical}).write_ipc_stream(path)
    assert detect_format(path) == "arrow"
    assert read_table(path).to_pydict() == {"code": ["a", "b"]}


def test_formats_are_found_by_content(tmp_path: Path) -> None:
    table = pa.table({"id": [1, 2, 3]})
    result = []
    for write in WRITERS:
        path = tmp_path / "table.xlsx"
        write(table, path)
        result.append((detect_format(path), open_table(path).description))
    assert result == [("parquet", "Parquet file, 2 row groups")] + 3 * [("arrow", "Arrow file")]


def test_names_with_points_are_not_parts_of_others(tmp_path: Path) -> None:
    path = tmp_path / "points"
    table = pa.table({"a": [MOMENT], "a.b": ["x"], "a.c": [MIDNIGHT]})
    write_parquet(table, path)
    assert read_table(path).to_pydict() == {"a": ["2015-03-01 10:30:00"], "a.b": ["x"], "a.c": ["2015-03-01"]}


@pytest.mark.parametrize("write", WRITERS)
def test_ten_thousand_columns(tmp_path: Path, write: Write) -> None:
    path = tmp_path / "wide"
    write(pa.table({f"c{number}": [number, None] for number in range(10_000)}), path)
    reader = open_table(path)
    assert len(reader.names) == 10_000
    assert reader.read_all()["c9999"].to_pylist() == ["9999", ""]


@pytest.mark.parametrize("write", [writer for writer in WRITERS if writer is not pa.feather.write_feather])
def test_blank_and_duplicate_names_are_replaced_with_a_message(tmp_path: Path, write: Write) -> None:
    days = [pa.array([datetime.datetime(2015, 3, 1, hour)]) for hour in (0, 10)]
    path = tmp_path / "customers"
    write(pa.Table.from_arrays([pa.array([1]), *days, pa.array([4])], ["a", "a", "a", " "]), path)
    reader = open_table(path)
    assert reader.read_all().to_pylist() == [
        {"a": "1", "a (2)": "2015-03-01", "a (3)": "2015-03-01 10:00:00", "column 4": "4"}
    ]
    assert reader.notes == (
        "The name 'a' is used more than once: column 2 is called 'a (2)'.",
        "The name 'a' is used more than once: column 3 is called 'a (3)'.",
        "Column 4 has no name: it is called 'column 4'.",
    )


def test_intervals_of_parquet_are_named(tmp_path: Path) -> None:
    path = tmp_path / "customers.parquet"
    duckdb.sql(f"COPY (SELECT 1 AS bad, INTERVAL '1 month' AS term) TO '{path}' (FORMAT parquet)")
    with pytest.raises(DataError, match=r"1 column holds intervals of time \(INTERVAL\): 'term'\. Write them"):
        read_table(path)


@pytest.mark.parametrize("form", ["parquet", "ipc"])
def test_large_integers_are_not_damage(tmp_path: Path, form: str) -> None:
    path = tmp_path / "customers.data"
    getattr(polars.DataFrame({"x": [1]}, {"x": polars.Int128}), f"write_{form}")(path)
    words = r"with integers of more than 64 bits, which are not read\. Write their columns as text"
    with pytest.raises(DataError, match=words):
        read_table(path)


STRUCT = pa.array([{"x": 1}])


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(
    ("table", "words"),
    [
        (pa.table({"id": pa.array([], pa.int64())}), r"'customers\.csv' has 1 column but no rows. Choose a file with"),
        (pa.table({}), r"'customers\.csv' has no columns. Choose a table"),
        (
            pa.table({"id": [1], "months": [[1, 2]], "home": STRUCT}),
            r"2 columns hold more than one value per cell: 'months' \(list<.*>\), 'home' \(struct<x: int64>\)\. Remove",
        ),
        (
            pa.table({"raw": [b"\xff\xfe"]}),
            r"column 'raw' \(binary\) has values that cannot be written as text .*UTF-8",
        ),
    ],
)
def test_files_without_a_table_raise_data_errors(tmp_path: Path, write: Write, table: pa.Table, words: str) -> None:
    path = tmp_path / "customers.csv"
    if write is write_feather and len(set(table.column_names)) < table.num_columns:
        pytest.skip("cannot be written as Feather")
    write(table, path)
    with pytest.raises(DataError, match=words):
        read_table(path)


@pytest.mark.parametrize("write", WRITERS)
def test_damaged_files_raise_data_errors(tmp_path: Path, write: Write) -> None:
    path = tmp_path / "customers.csv"
    write(pa.table({"id": list(range(5000)), "name": [f"n{row}" for row in range(5000)]}), path)
    content = path.read_bytes()
    kind = "a Parquet file" if write is write_parquet else "an Arrow file"
    footer = bytearray(content)
    at = len(content) - 8 - int.from_bytes(content[-8:-4], "little") if write is write_parquet else len(content) - 40
    footer[at : at + 28] = bytes(28)
    for damaged in (content[: len(content) // 2], content[:100], bytes(footer)):
        path.write_bytes(damaged)
        if write is write_stream and damaged == bytes(footer):
            continue  # a stream has no footer
        with pytest.raises(
            DataError, match=rf"'customers\.csv' is {kind} but damaged or cut off: .* Copy or export it"
        ):
            read_table(path)


def test_texts_that_are_not_utf8_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "customers"
    wrong = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff")])
    write_parquet(pa.table({"name": wrong}), path)
    with pytest.raises(DataError, match=r"column 'name' \(string\) has values that cannot be written as text"):
        read_table(path)


def test_an_encrypted_or_old_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "customers"
    for content, words in {
        b"PARE" + bytes(60): "an encrypted Parquet file",
        b"FEA1" + bytes(60): "first version",
    }.items():
        path.write_bytes(content)
        with pytest.raises(DataError, match=f"{words}.*, not a table"):
            read_table(path)


def test_rows_of_long_texts_are_read_in_small_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pq.write_table(pa.table({"a": [f"{row:0100}" for row in range(60)]}), tmp_path / "a.parquet")
    monkeypatch.setattr("riskmodel.tables.reading.typed.columnar._PIECE_BYTES", 1100)
    read: list[int] = []
    iterate = pq.ParquetFile.iter_batches
    monkeypatch.setattr(
        pq.ParquetFile,
        "iter_batches",
        lambda file, batch_size, columns: read.append(batch_size) or iterate(file, batch_size, columns=columns),
    )
    assert open_table(tmp_path / "a.parquet").read_all().num_rows == 60
    assert read == [1000, 10]  # of 104 bytes each


def test_long_texts_come_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = pa.array(["x" * 50, None, "y"] * 20, pa.string())
    pq.write_table(pa.table({"a": texts.dictionary_encode(), "b": range(60)}), tmp_path / "a.parquet")
    monkeypatch.setattr("riskmodel.tables.reading.typed.columnar._PIECE_BYTES", 200)
    batches = list(open_table(tmp_path / "a.parquet"))
    assert [batch.num_rows for batch in batches] == [8, 7] * 4  # 1,020 bytes of text and 480 of numbers
    table = pa.Table.from_batches(batches)
    assert table["a"].to_pylist() == ["x" * 50, "", "y"] * 20
    assert table["b"].to_pylist() == list(map(str, range(60)))
