"""Rejected rows: lines and reasons; no row is lost."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskmodel.errors import DataError
from riskmodel.tables.reading.text.reading import open_batches, read_rows, read_strings
from riskmodel.tables.reading.text.rejects import Rejects
from riskmodel.tables.schema.dialect import Dialect


def write(folder: Path, content: bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(content)
    return path


def test_malformed_rows_are_rejected_and_the_rest_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, b'a,b\n1,2\n3\n4,5,6\n"x"y,7\n8,9\n10,"open\n11,12\n')
    table, rejects = read_rows(path, Dialect())
    assert table.to_pydict() == {"a": ["1", "8", "11"], "b": ["2", "9", "12"]}
    assert rejects.table.to_pylist() == [
        {"line": 3, "text": "3", "reason": "it has 1 cell instead of 2"},
        {"line": 4, "text": "4,5,6", "reason": "it has 3 cells instead of 2"},
        {"line": 5, "text": '"x"y,7', "reason": "text follows a closing quote"},
        {"line": 7, "text": '10,"open', "reason": "a quote opened in it is never closed"},
    ]
    assert rejects.describe() == (
        "4 rows were not read (line 3: it has 1 cell instead of 2; line 4: it has 3 cells instead of 2; "
        "line 5: text follows a closing quote; …)."
    )


def test_a_table_without_faults_has_no_rejects(tmp_path: Path) -> None:
    table, rejects = read_rows(write(tmp_path, b"a,b\n1,2\n"))
    assert (table.num_rows, rejects.num_rows, rejects.describe()) == (1, 0, "")
    assert rejects.table.schema.types == Rejects.of([(1, "x", "y")]).table.schema.types


def test_rejects_can_be_opened_in_a_spreadsheet(tmp_path: Path) -> None:
    _, rejects = read_rows(write(tmp_path, 'a,b\n1,2\né "x"\n'.encode()))
    content = rejects.to_csv()
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == [
        ["line", "text", "reason"],
        ["3", 'é "x"', "it has 1 cell instead of 2"],
    ]


def test_a_file_of_malformed_rows_only_is_a_data_error(tmp_path: Path) -> None:
    path = write(tmp_path, b"a,b\n1\n2\n")
    with pytest.raises(DataError, match=r"no row that can be read\. 2 rows were not read \(line 2: it has 1 cell inst"):
        read_rows(path, Dialect())


def test_strict_reading_raises_an_error_for_malformed_rows(tmp_path: Path) -> None:
    path = write(tmp_path, b"# note\na,b\n1,2\n3\n")
    dialect = Dialect(comment="#")
    words = r"1 row does not have the header's 2 cells \(line 4 has 1\)"
    with pytest.raises(DataError, match=words):
        read_strings(path, dialect)
    with pytest.raises(DataError, match=words):
        list(open_batches(path, dialect))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from('ab1,"\n\r é'), max_size=80))
def test_every_line_is_kept_or_rejected(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, f"a,b\n1,2\n{text}\n".encode())
    table, rejects = read_rows(path, Dialect())
    texts = [line for line in io.StringIO(text, newline="") if line.strip("\r\n")]
    aside = sum(len(reject.splitlines()) for reject in rejects.table["text"].to_pylist())
    kept = csv.reader(io.StringIO(text, newline="")) if rejects.num_rows == 0 else None
    if kept is not None:
        assert [list(row) for row in zip(*table.to_pydict().values(), strict=True)][1:] == [row for row in kept if row]
    lines = [cell for column in ("a", "b") for cell in table[column].to_pylist()]
    assert aside + table.num_rows - 1 + sum(sum(map(cell.count, "\r\n")) for cell in lines) >= len(texts)


def test_a_cell_longer_than_a_block_is_read(tmp_path: Path) -> None:
    long = "x" * 9_000_000
    path = write(tmp_path, f'a,b\n1,2\n3,"{long}"\n5,6\n'.encode())
    assert read_strings(path)["b"].to_pylist() == ["2", long, "6"]
    batches = list(open_batches(path, block_bytes=1 << 16))
    assert [cell for batch in batches for cell in batch.column("a").to_pylist()] == ["1", "3", "5"]
