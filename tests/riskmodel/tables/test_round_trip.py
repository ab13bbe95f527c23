"""Any table, written in any dialect, is read back equal; ``RISKMODEL_EXAMPLES`` sets the number of tables."""

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskmodel.tables.reading.text.reading import open_batches, read_rows, read_strings
from riskmodel.tables.schema.dialect import Dialect

EXAMPLES = int(os.environ.get("RISKMODEL_EXAMPLES", "400"))
LETTERS = {"utf-8": "aé李 ", "utf-16": "aé李 ", "gb18030": "a李客 ", "cp1252": "aé€ ", "cp932": "aカ延 "}
MARKS = "0,;\t|\"'\\#=-.\n\r\x0b"


@st.composite
def written(draw: st.DrawFn) -> tuple[list[list[str]], Dialect, bytes]:
    """A table with its header, its dialect, and the bytes of the file."""
    encoding = draw(st.sampled_from(sorted(LETTERS)))
    text = st.text(st.sampled_from(LETTERS[encoding] + MARKS), max_size=6)
    width = draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(text, min_size=width, max_size=width), min_size=1, max_size=6))
    if width > 1:  # rows without values, notes and separator lines are excluded
        rows = [row if _is_data(row) else ["x", *row[1:-1], "x"] for row in rows]
    dialect = Dialect(
        encoding=encoding,
        delimiter=draw(st.sampled_from(",;\t|")),
        quote=draw(st.sampled_from("\"'")),
        comment=draw(st.sampled_from(["", "#"])),
        skip_lines=draw(st.integers(0, 2)),
        footer_lines=draw(st.integers(0, 2)),
    )
    names = [f"{draw(text)}{number}" for number in range(width)]
    # A row that begins with the comment character is a comment, unless its first cell is quoted; and of the two line
    # ends, the writer quotes only cells that hold its own.
    is_risky = dialect.comment or any("\r" in cell or "\n" in cell for row in [names, *rows] for cell in row)
    quoting = csv.QUOTE_ALL if is_risky else draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    stream = io.StringIO(newline="")
    writer = csv.writer(
        stream, delimiter=dialect.delimiter, quotechar=dialect.quote, quoting=quoting, lineterminator=end
    )
    writer.writerows([names, *rows])
    above = "".join(f"line {number}{end}" for number in range(dialect.skip_lines))
    below = "".join(f"total {number}{end}" for number in range(dialect.footer_lines))
    remark = f"#remark{end}" if dialect.comment else ""
    content = above + remark + stream.getvalue() + remark + below
    if draw(st.booleans()) and not below:
        content = content.removesuffix(end)
    return [names, *rows], dialect, content.encode(encoding)


def _is_data(row: list[str]) -> bool:
    is_separator = all(cell.strip() and not set(cell.strip()) - set("-=") for cell in row)
    return sum(map(bool, map(str.strip, row))) > 1 and not is_separator


@pytest.mark.timeout(600)
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
@given(written())
def test_a_table_written_in_any_dialect_is_read_back_equal(tmp_path: Path, case: tuple[list, Dialect, bytes]) -> None:
    (names, *rows), dialect, content = case
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    table, rejects = read_rows(path, dialect)
    assert rejects.num_rows == 0
    assert table.column_names == names
    assert [list(row) for row in zip(*table.to_pydict().values(), strict=True)] == rows


@pytest.mark.timeout(600)
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
@given(written(), st.integers(64, 400))
def test_pieces_of_any_size_are_together_the_table(
    tmp_path: Path, case: tuple[list, Dialect, bytes], block_bytes: int
) -> None:
    _, dialect, content = case
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    whole = read_strings(path, dialect)
    pieces = list(open_batches(path, dialect, block_bytes))
    assert [row for piece in pieces for row in piece.to_pylist()] == whole.to_pylist()
