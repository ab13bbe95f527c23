"""Layouts of text files that were read wrongly, with the expected result."""

from pathlib import Path

import pytest

from riskmodel.errors import DataError
from riskmodel.tables.reading.open_table import open_table
from tests.real_data import shared_case

RIGHT = {
    "delimiter and space": (
        'id, name, note\n1, Anna, "good, fine"\n2, Bert, "nice, old"\n3, Carl, "plain"\n',
        [["id", "name", "note"], ["1", "Anna", "good, fine"], ["2", "Bert", "nice, old"], ["3", "Carl", "plain"]],
        {},
    ),
    "quoted cells of several lines after a space": (
        'id, note\n1, "two\nlines, one"\n2, "say ""hi"", bob"\n3,  plain\n',
        [["id", "note"], ["1", "two\nlines, one"], ["2", 'say "hi", bob'], ["3", "plain"]],
        {},
    ),
    "delimiter missing before a quote": (
        'id,price,name,text\n1,10,Anna,"good, fine"\n2,20"Bert, old",nice\n3,30,Carl,plain\n',
        [["id", "price", "name", "text"], ["1", "10", "Anna", "good, fine"], ["3", "30", "Carl", "plain"]],
        {3: "text precedes an opening quote"},
    ),
    "inches": (
        'id,size,length\n1,5",6"\n2,7" wide,"8, 9"\n3,4,2"\n',
        [["id", "size", "length"], ["1", '5"', '6"'], ["2", '7" wide', "8, 9"], ["3", "4", '2"']],
        {},
    ),
    "title padded with delimiters": (
        "Customers of May,,\n,,\nid,age,income\n1,30,1000\n2,31,2000\n3,40,1500\n",
        [["id", "age", "income"], ["1", "30", "1000"], ["2", "31", "2000"], ["3", "40", "1500"]],
        {},
    ),
    "no header, texts in row 1": (
        "2019-01-31,A,good\n2019-02-28,B,bad\n2019-03-31,C,good\n2019-04-30,D,good\n",
        [
            ["column 1", "column 2", "column 3"],
            ["2019-01-31", "A", "good"],
            ["2019-02-28", "B", "bad"],
            ["2019-03-31", "C", "good"],
            ["2019-04-30", "D", "good"],
        ],
        {},
    ),
    "header twice": (
        "id,name,region\nid,name,region\n1,Anna,Rome\n2,Bert,Oslo\n3,Carl,Bern\n",
        [["id", "name", "region"], ["1", "Anna", "Rome"], ["2", "Bert", "Oslo"], ["3", "Carl", "Bern"]],
        {2: "it repeats the header"},
    ),
    "padded title above names with spaces": (
        "Loans of May,,\nBranch: Rome,as of,2026-05-31\nname,region,bad\nAnna May Lee,East side,0\n"
        "Bert Jon Ray,Far west,1\nCarl Ray Fox,East side,0\n",
        [
            ["name", "region", "bad"],
            ["Anna May Lee", "East side", "0"],
            ["Bert Jon Ray", "Far west", "1"],
            ["Carl Ray Fox", "East side", "0"],
        ],
        {},
    ),
    "header in two lines": (
        "loan,person,person\nid,age,income\n1,30,1000\n2,31,2000\n3,40,1500\n",
        [["loan id", "person age", "person income"], ["1", "30", "1000"], ["2", "31", "2000"], ["3", "40", "1500"]],
        {},
    ),
    "lines of delimiters only": (
        "a,b,c\n1,2,3\n,,\n4,5,6\n,,\n",
        [["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"]],
        {3: "all its cells are blank", 5: "all its cells are blank"},
    ),
    "backslash that is not an escape": (
        'id,note\n1,"say \\"hi\\", bob"\n2,C:\\new\\dir\n',
        [["id", "note"], ["1", 'say "hi", bob'], ["2", "C:\\new\\dir"]],
        {},
    ),
    "single quotes with apostrophes": (
        "id,name,note\n1,Anna,'it''s good'\n2,Bert,fine\n3,Carl,plain\n",
        [["id", "name", "note"], ["1", "Anna", "it's good"], ["2", "Bert", "fine"], ["3", "Carl", "plain"]],
        {},
    ),
    "header repeated in other capitals": (
        "grade,late\nA,none\n GRADE,Late\nB,twice\n",
        [["grade", "late"], ["A", "none"], ["B", "twice"]],
        {3: "it repeats the header"},
    ),
    "notes of one cell and a signature": (
        "id,income,bad\n" + "".join(f"A{n:03d},{n}00,0\n" for n in range(1, 12)) + "* provisional\nPage 2 of 5\n",
        [["id", "income", "bad"], *([f"A{n:03d}", f"{n}00", "0"] for n in range(1, 12))],
        {13: "it is a note", 14: "it is a note"},
    ),
    "header of another table": (
        "id,age,income,note\n"
        + "".join(f"{n},30,{n}0,x\n" for n in range(1, 31))
        + "key,years,salary,text\n31,34,50,x\n32,na,na,x\nunknown,unknown,unknown,x\n",
        [
            ["id", "age", "income", "note"],
            *([str(n), "30", f"{n}0", "x"] for n in range(1, 31)),
            ["31", "34", "50", "x"],
            ["32", "na", "na", "x"],
            ["unknown", "unknown", "unknown", "x"],
        ],
        {32: "it has words in the columns of numbers and dates, as the header of another table"},
    ),
    "subtotals": (
        "id,region,income\n1,N,10\n2,N,20\n3,N,5\nSubtotal N,,35\n4,S,7\n5,S,8\n",
        [
            ["id", "region", "income"],
            *([n, r, i] for n, r, i in zip("12345", "NNNSS", ["10", "20", "5", "7", "8"], strict=True)),
        ],
        {5: "it is a total"},
    ),
}
REFUSED = {
    "one name too few": (
        "id,agebalance,income\n1,30,500,1000\n2,31,600,2000\n3,32,700,3000\n",
        r"the header in line 1 has 3 names, but the rows have 4 cells \(line 2\)\. A name is missing",
    ),
    "first line wider than the table": (
        "id,name,note,x,y\n1,Anna Smith,fine\n2,Bert Jones,good\n3,Carl Lee,plain\n",
        r"3 rows were not read \(line 2: it has 3 cells instead of 5; .*separated by commas",
    ),
    "header with other delimiters": (
        "id age income\n1,30,1000\n2,31,2000\n3,40,1500\n",
        "the header in line 1 has another delimiter than the rows. Read as UTF-8, separated by commas: correct",
    ),
    "ragged under a blank name": (
        "id,age,,income\n1,30,1000\n2,31,2000\n3,40,1500\n",
        r"no row that can be read. 3 rows were not read \(line 2: it has 3 cells instead of 4",
    ),
}


def write(folder: Path, text: str) -> Path:
    path = folder / "table.csv"
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize("name", RIGHT)
def test_cells_are_correct_and_other_rows_are_listed(tmp_path: Path, name: str) -> None:
    text, cells, aside = RIGHT[name]
    path = write(tmp_path, text)
    table, rejects = open_table(path).read_all_but_rejects()
    assert [table.column_names, *map(list, zip(*table.to_pydict().values(), strict=True))] == cells
    assert {row["line"]: row["reason"] for row in rejects.table.to_pylist()} == aside
    in_order = [text or row[0] for text, row in all_rows(path)]
    assert len(in_order) == len(cells) - 1 + len(aside)
    if not any("text precedes" in reason for reason in aside.values()):
        reader = open_table(path, block_bytes=8)
        rows = [list(row.values()) for batch in reader for row in batch.to_pylist()]
        assert [reader.names, *rows] == cells
        assert sum("not read" in note for note in reader.notes) == bool(aside)


def all_rows(path: Path) -> list[tuple[str, list[str]]]:
    """Malformed rows as text and the others as cells, in the order of the file."""
    found: list[tuple[str, list[str]]] = []
    for block in open_table(path, block_bytes=8).blocks():
        columns = block.spread(block.rows).to_pydict().values()
        texts = {row.place: row.text for row in block.broken}
        found += [(texts.get(place, ""), list(row)) for place, row in enumerate(zip(*columns, strict=True))]
    return found


@pytest.mark.parametrize("name", REFUSED)
def test_undecidable_layouts_raise_data_errors(tmp_path: Path, name: str) -> None:
    text, words = REFUSED[name]
    with pytest.raises(DataError, match=words):
        open_table(write(tmp_path, text)).read_all_but_rejects()


@pytest.mark.parametrize("name", ["three_months.csv", "codes_only.csv"])
def test_header_lines_among_the_rows_of_a_case(name: str) -> None:
    reader = open_table(shared_case(f"11-header-again/{name}"))
    assert reader.read_all().num_rows == 3000
    assert reader.notes == (
        "2 rows were not read (line 1,002: it repeats the header; line 2,003: it repeats the header).",
    )


def test_a_line_longer_than_the_limit_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riskmodel.tables.reading.text.rows.MAX_ROW_BYTES", 1 << 20)
    with pytest.raises(DataError, match=r"line 1 is longer than 1 MiB, the maximum\. Read as UTF-8"):
        open_table(write(tmp_path, "x" * 2_000_000))
