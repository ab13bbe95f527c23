"""Rows in their order, well-formed or malformed."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.errors import DataError
from riskmodel.tables.reading.text.blocks import Block, BrokenRow
from riskmodel.tables.reading.text.reading import BatchReader
from riskmodel.tables.schema.dialect import Dialect


def all_rows(reader: BatchReader) -> list[str]:
    """The first cell of each well-formed row, and the text of each malformed one."""
    result: list[str] = []
    for block in reader.blocks():
        rows = [cell or "" for cell in block.spread(block.rows).column(0).to_pylist()]
        for broken in block.broken:
            rows[broken.place] = f"!{broken.line} {broken.text}"
        assert len(rows) == block.num_rows
        result += rows
    return result


def test_spread_inserts_null_rows_for_malformed_rows() -> None:
    batch = pa.RecordBatch.from_pydict({"a": ["x", "y"]})
    block = Block(batch, (BrokenRow(0, 2, "1,2", "it has 2 cells instead of 1"), BrokenRow(2, 4, "3,4", "")))
    assert block.places().tolist() == [1, 3]
    assert block.spread(batch).column(0).to_pylist() == [None, "x", None, "y"]
    assert Block(batch).spread(batch) is batch


@settings(deadline=None)
@given(st.lists(st.sampled_from(["1,a", "2", "3,b,c", '4,"x\ny"', '5,"x"z', "", "6,é"]), min_size=1, max_size=30))
def test_every_row_keeps_its_position_at_any_block_size(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str]
) -> None:
    path = tmp_path_factory.mktemp("blocks") / "a.csv"
    # If nearly all rows were longer than the header, the first column would count as one without a name.
    path.write_text("\n".join(["id,name", *["0,whole"] * 10, *rows]) + "\n", encoding="utf-8")
    line, expected = 12, ["0"] * 10
    for row in rows:
        whole = row[:1] in {"1", "4", "6"}
        expected += [row[0] if whole else f"!{line} {row}"] if row else []
        line += 1 + row.count("\n")
    for block_bytes in (40, 1 << 20):
        assert all_rows(BatchReader(path, Dialect(), block_bytes)) == expected


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_a_broken_row_of_any_encoding_keeps_its_letters(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    text = "第一行\n编号,城市\n1,北京\n2,上海,多\n3,广州\n合计,,\n"
    path.write_bytes(text.encode(encoding))
    dialect = Dialect(encoding=encoding, skip_lines=1, footer_lines=1)
    assert all_rows(BatchReader(path, dialect)) == ["1", "!4 2,上海,多", "3"]


def test_a_malformed_row_in_another_encoding_is_an_error_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,name\n1,a\n2,b,\xff\n")
    with pytest.raises(DataError, match=r"line 3 has the byte ff"):
        all_rows(BatchReader(path, Dialect()))


def test_comments_and_a_table_without_names(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("1,a\n# no customer\n2\n3,c\n")
    assert all_rows(BatchReader(path, Dialect(comment="#", header_lines=0))) == ["1", "!3 2", "3"]


def test_in_one_column_a_blank_line_is_a_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name\na\n\nb,c\nd\n")
    assert all_rows(BatchReader(path, Dialect())) == ["a", "", "!4 b,c", "d"]
