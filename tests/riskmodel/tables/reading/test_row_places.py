"""Location of rows in their file."""

from pathlib import Path

import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskmodel.tables.reading.open_table import open_table
from riskmodel.tables.reading.row_places import find_places
from riskmodel.tables.schema.dialect import Dialect

ROWS = ["{n},1", '"{n}\n\n,",2', "", "{n},1,1", "id,income", "'{n}',3"]


def test_rows_of_a_sheet_are_numbered_as_in_the_sheet(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    header = ["id", "income", "bad"]
    rows = [["Loans"], [], header, ["a", 1, 0], [], ["b", 2, 1], header, ["c", 3, 0], [], [], ["d", 4, 1], ["e", 5, 0]]
    for number, cells in enumerate(rows):
        sheet.write_row(number, 0, cells)
    book.close()
    reader = open_table(path)
    table = reader.read_all()
    assert table["id"].to_pylist() == ["a", "b", "c", "d", "e"]
    assert find_places(path, reader, table, [0, 1, 3]) == [(4, "a\t1\t0"), (6, "b\t2\t1"), (11, "d\t4\t1")]
    assert find_places(path, reader, table, []) == []


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.sampled_from(ROWS), min_size=1, max_size=40),
    end=st.sampled_from(["\n", "\r\n"]),
    positions=st.sets(st.integers(0, 39)),
)
def test_rows_of_any_text_have_their_line(tmp_path: Path, rows: list[str], end: str, positions: set[int]) -> None:
    path = tmp_path / "a.csv"
    written = ["0,0", "0,0", *(row.format(n=number) for number, row in enumerate(rows)), "9,9"]
    path.write_bytes(end.join(["id,income", *written, ""]).encode())
    lines, line = [], 2
    for row in written:
        if row.count(",") - row.count("\n\n,") == 1 and row != "id,income":
            lines.append((line, row))
        line += 1 + row.count("\n")
    reader = open_table(path, Dialect())
    table, _ = reader.read_all_but_rejects()
    assert table.num_rows == len(lines)
    chosen = sorted(position for position in positions if position < len(lines))
    assert find_places(path, reader, table, chosen) == [lines[position] for position in chosen]
