"""Workbooks: every cell as text, the sheet and its header detected or chosen, and faults located by cell."""

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from riskmodel.errors import DataError
from riskmodel.tables.files import source
from riskmodel.tables.reading.open_table import detect_format, open_table
from riskmodel.tables.reading.sheets import workbooks, xml_sheets
from riskmodel.tables.reading.sheets.workbook_scan import scan_workbook
from riskmodel.tables.reading.sheets.workbooks import SheetSize, WorkbookReader, likely_sheet, sheets
from riskmodel.tables.schema.sheet_layout import SheetLayout
from tests.riskmodel.tables import workbook_files
from tests.riskmodel.tables.hostile_files import STRINGS, with_strings

pytestmark = pytest.mark.usefixtures("in_process")

Build = Callable[[Any, Any], None]
DAY = datetime.date(2015, 3, 1)


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Path]:
    def write(**contents: Build | list[list[Any]]) -> Path:
        path = tmp_path / "loans.csv"  # a misleading name
        with xlsxwriter.Workbook(path) as book:
            for name, content in contents.items():
                sheet = book.add_worksheet(name)
                if callable(content):
                    content(book, sheet)
                    continue
                for number, row in enumerate(content):
                    sheet.write_row(number, 0, row)
        return path

    return write


def read(path: Path, layout: SheetLayout | None = None) -> dict[str, list[str]]:
    reader = WorkbookReader(path, layout)
    table = reader.read_all()
    assert table.schema.equals(reader.schema)
    assert all(column.null_count == 0 for column in table.columns)
    small = WorkbookReader(path, layout, block_bytes=1)
    assert [batch.num_rows for batch in small] == [1] * table.num_rows
    assert small.read_all().equals(table.combine_chunks()) or small.read_all().to_pydict() == table.to_pydict()
    return table.to_pydict()


def fill_kinds(book: Any, sheet: Any) -> None:
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    clock = book.add_format({"num_format": "hh:mm"})
    hours = book.add_format({"num_format": "[h]:mm:ss"})
    sheet.write_row(0, 0, ["id", "amount", "day", "time", "flag", "mixed", "clock"])
    sheet.write_row(1, 0, ["007", 3.0])
    sheet.write_row(2, 0, [" x ", 0.1])
    sheet.write_row(3, 0, ["NA", 12345678901])
    sheet.write_row(4, 0, ["é", 1e22])
    sheet.write_row(5, 0, ["1e3", 1e-7])
    for row, (date, moment) in enumerate(((DAY, "2015-03-01T10:30:00"), (DAY, "2015-03-02T00:00:00")), 1):
        sheet.write_datetime(row, 2, date, day)
        sheet.write_datetime(row, 3, datetime.datetime.fromisoformat(moment), time)
    sheet.write_column(1, 4, [True, False])
    sheet.write_column(1, 5, ["a", 2.5, True, 4.0])
    sheet.write_datetime(5, 5, DAY, day)
    sheet.write_datetime(1, 6, datetime.time(12, 30), clock)
    sheet.write_number(2, 6, 1.5, hours)


def test_every_kind_of_cell_is_converted_to_text_without_loss(build) -> None:
    path = build(Loans=fill_kinds)
    assert detect_format(path) == "workbook"
    assert read(path) == {
        "id": ["007", " x ", "NA", "é", "1e3"],
        "amount": ["3", "0.1", "12345678901", "1e+22", "1e-7"],
        "day": ["2015-03-01", "2015-03-01", "", "", ""],
        "time": ["2015-03-01 10:30:00", "2015-03-02 00:00:00", "", "", ""],
        "flag": ["true", "false", "", "", ""],
        "mixed": ["a", "2.5", "true", "4", "2015-03-01"],
        "clock": ["12:30:00", "36:00:00", "", "", ""],
    }
    assert open_table(path).description == "Excel workbook, sheet 'Loans', header in row 1"


def test_formulas_have_their_last_value_and_errors_their_text(build) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["sum", "text", "ratio"])
        sheet.write_formula(1, 0, "=1+1", None, 2)
        sheet.write_formula(1, 1, '="a"&"b"', None, "ab")
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 2, "=NA()", None, "#N/A")

    path = build(Loans=fill)
    assert read(path) == {"sum": ["2", ""], "text": ["ab", ""], "ratio": ["#DIV/0!", "#N/A"]}
    assert WorkbookReader(path).description.endswith("header in row 1; 2 errors as text (first: #DIV/0! in C2)")


def test_title_blank_rows_and_columns_and_merged_cells_are_counted(build) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 1, 0, 6, "Loans of 2015")
        sheet.write_row(2, 1, ["id", "", "region", "income"])
        sheet.write_row(3, 1, [1, "", "", 10])
        sheet.merge_range(3, 3, 4, 3, "north")
        sheet.write_row(4, 1, [2, "", "", 20])
        sheet.write_row(6, 1, [3, "", "south", 30])
        sheet.write_blank(20, 30, None, book.add_format({"bold": True}))

    path = build(Loans=fill)
    assert read(path) == {"id": ["1", "2", "3"], "region": ["north", "", "south"], "income": ["10", "20", "30"]}
    assert WorkbookReader(path).description == (
        "Excel workbook, sheet 'Loans', header in row 3; 1 merged area with the value in the first cell only; "
        "1 blank row and 1 blank column ignored"
    )


def test_a_single_column_keeps_its_gaps_as_missing_values(build) -> None:
    assert read(build(Loans=[["income"], [1], [], [3]])) == {"income": ["1", "", "3"]}


def test_the_first_sheet_with_a_table_is_read_unless_another_is_chosen(build) -> None:
    path = build(Cover=[], Loans=[["id", "income"], [1, 2]], Old=[["note", ""], ["key", "worth"], ["a", 1]])
    assert sheets(path) == [SheetSize("Cover", 0, 0), SheetSize("Loans", 2, 2), SheetSize("Old", 3, 2)]
    assert read(path) == {"id": ["1"], "income": ["2"]}
    assert read(path, SheetLayout(sheet="Old")) == {"key": ["a"], "worth": ["1"]}
    assert WorkbookReader(path, SheetLayout(sheet="Old")).layout == SheetLayout(sheet="Old", header_row=2)
    assert read(path, SheetLayout(sheet="Old", header_row=2)) == {"key": ["a"], "worth": ["1"]}


def test_numbers_and_dates_name_columns_as_they_are_written(build) -> None:
    path = build(Loans=[["id", 2014, 2015.5], ["a", 1, 2]])
    assert list(read(path, SheetLayout(header_row=1))) == ["id", "2014", "2015.5"]


@pytest.mark.parametrize(
    ("rows", "layout", "words"),
    [
        ([], None, r"'loans\.csv' is a workbook without any filled cells. Choose one"),
        ([["a"], [1]], SheetLayout(sheet="Lones"), "has no sheet 'Lones'. Choose one of 'Loans'"),
        (
            [["a"], [1]],
            SheetLayout(header_row=9),
            "sheet 'Loans' has no row 9 for the header. Its last filled row is 2",
        ),
        ([["a", "b"]], None, "has 2 columns but no rows. Choose a file with customers"),
    ],
)
def test_faults_are_located_by_cell(build, rows: list[list[Any]], layout: Any, words: str) -> None:
    with pytest.raises(DataError, match=words):
        WorkbookReader(build(Loans=rows), layout).read_all()


def test_blank_and_duplicate_names_are_replaced_with_a_message(build) -> None:
    reader = WorkbookReader(build(Loans=[["", "a", "", "a", ""], ["", 1, 2, 3, ""], ["", 4, 5, 6, ""]]))
    assert reader.read_all().to_pydict() == {"a": ["1", "4"], "column C": ["2", "5"], "a (2)": ["3", "6"]}
    assert reader.notes == (
        "Column C has no name: it is called 'column C'.",
        "The name 'a' is used more than once: column D is called 'a (2)'.",
    )


def test_an_old_workbook_is_read_like_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes(workbook_files.xls())
    assert sheets(path) == [SheetSize("Notes", 0, 0), SheetSize("Löhne", 7, 3)]
    assert read(path) == {
        "id": ["007", "12345678901", "both", ""],
        "x": ["0.1", "true", "", ""],
        "when": ["2015-03-01", "#N/A", "", "3"],
    }
    assert open_table(path).description == (
        "Excel workbook, sheet 'Löhne', header in row 3; other sheet: 'Notes'; 1 merged area with the value in the "
        "first cell only; 1 error as text (first: #N/A in C5)"
    )


def test_a_binary_workbook_is_read_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "loans.xlsb"
    path.write_bytes(workbook_files.xlsb([["id", "x"], ["007", 0.1], ["é", True], ["a", None]], {(3, 1): 0x2A}))
    assert sheets(path) == [SheetSize("Binary", 4, 2)]
    assert read(path) == {"id": ["007", "é", "a"], "x": ["0.1", "true", "#N/A"]}


def test_a_spreadsheet_of_open_document_is_read_like_any_other(tmp_path: Path) -> None:
    def cell(kind: str, more: str, text: str) -> str:
        return f'<table:table-cell office:value-type="{kind}" {more}><text:p>{text}</text:p></table:table-cell>'

    error = 'office:string-value="" calcext:value-type="error"'
    rows = [
        cell("string", "", "id") + cell("string", "", "x") + cell("string", "", "when"),
        cell("string", "", "007") + cell("float", 'office:value="3"', "3,00") + "<table:table-cell/>",
        cell("string", "", "b")
        + cell("string", error, "#DIV/0!")
        + cell("date", 'office:date-value="2015-03-01"', "1"),
    ]
    path = tmp_path / "loans.xlsx"
    ending = '<table:table-row table:number-rows-repeated="1048573"><table:table-cell/></table:table-row>'
    path.write_bytes(workbook_files.ods("".join(f"<table:table-row>{row}</table:table-row>" for row in rows) + ending))
    assert read(path) == {"id": ["007", "b"], "x": ["3", "#DIV/0!"], "when": ["", "2015-03-01"]}
    assert open_table(path).description.startswith("OpenDocument spreadsheet, sheet 'Open', header in row 1; 1 error")


def test_damaged_and_protected_workbooks_raise_data_errors(build, tmp_path: Path) -> None:
    whole = build(Loans=fill_kinds).read_bytes()
    path = tmp_path / "loans.xlsx"
    broken = bytearray(whole)
    at = whole.index(b"xl/worksheets/sheet1.xml") + 60
    broken[at : at + 20] = bytes(20)
    locked = bytearray(whole)
    central = whole.index(b"PK\x01\x02", whole.index(b"xl/worksheets/sheet1.xml"))
    locked[central + 8] |= 1  # one part is marked as encrypted in the list of parts
    cases = {
        bytes(locked): r"'loans\.xlsx' is a workbook protected with a password. Save it without one",
        workbook_files.encrypted(): r"'loans\.xlsx' is a workbook protected with a password. Save it without one",
        whole[:-30]: "is a zip archive or workbook but damaged or cut off",
        bytes(broken): "is an Excel workbook or another spreadsheet but damaged or cut off: .* Copy or export it again",
        workbook_files.xls()[:3000]: "damaged",
        workbook_files.xlsx('<row r="1"><c r="A1"><v>1</v></row>'): "damaged or cut off: .* Copy or export",
    }
    for content, words in cases.items():
        path.write_bytes(content)
        with pytest.raises(DataError, match=words):
            open_table(path)


CELL = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'


@pytest.mark.parametrize("cell", [CELL, CELL.replace('"', "'"), CELL.replace("c r=", "c  r=")])
def test_distant_cells_do_not_exhaust_the_memory(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "far.xlsx"
    rows = f'<row r="1">{cell.format("A1", "id")}</row><row r="1048576">{cell.format("XFD1048576", "x")}</row>'
    path.write_bytes(workbook_files.xlsx(rows))
    with pytest.raises(
        DataError, match=r"reach from A1 to XFD1048576; more than 4,000,000 are not read from a .* Delete stray"
    ):
        open_table(path)


def test_distant_cells_are_detected_in_every_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "MAX_CELLS", 5)
    repeated = 'table:number-columns-repeated="16384" office:value-type="float" office:value="1"'
    contents = [
        workbook_files.xls(),
        workbook_files.xlsb([["a", "b"], [1.0, 2.0], [3.0, 4.0]], {}),
        workbook_files.ods(f"<table:table-row><table:table-cell {repeated}/></table:table-row>"),
    ]
    for content in contents:
        path = tmp_path / "far"
        path.write_bytes(content)
        with pytest.raises(DataError, match="more than 5 are not read"):
            open_table(path)


def test_a_decompression_bomb_workbook_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(workbook_files.xlsx(" " * 20_000_000))
    assert path.stat().st_size < 50_000
    monkeypatch.setattr("riskmodel.tables.reading.sheets.workbook_scan.FREE_BYTES", 1 << 20)
    with pytest.raises(DataError, match=r"a workbook that grows to more than \d MiB when it is unpacked, as no table"):
        open_table(path)


def test_the_fast_scan_agrees_with_the_full_parse(build, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(book: Any, sheet: Any) -> None:
        fill_kinds(book, sheet)
        sheet.write_formula(7, 3, "=1/0", None, "#DIV/0!")
        sheet.write_blank(40, 40, None, book.add_format({"bold": True}))

    path = build(Loans=fill, Empty=[], Far=[[], [], ["", "", "x"]])
    quick = list(scan_workbook(path))
    assert [scan.last for _, scan in quick] == [(7, 6), None, (2, 2)]
    assert quick[0][1].errors == {(7, 3): "#DIV/0!"}
    monkeypatch.setattr(xml_sheets, "_scan_usual", lambda stream: None)
    assert list(scan_workbook(path)) == quick
    monkeypatch.undo()
    monkeypatch.setattr(xml_sheets, "CHUNK_BYTES", 50)
    assert list(scan_workbook(path)) == quick


def test_cells_without_names_follow_each_other(tmp_path: Path) -> None:
    def row(*values: object) -> str:
        return "<row>" + "".join(f'<c t="str"><v>{value}</v></c>' for value in values) + "</row>"

    path = tmp_path / "plain.xlsx"
    path.write_bytes(workbook_files.xlsx(row("id", "x") + row("a", "b")))
    assert sheets(path) == [SheetSize("Sheet1", 2, 2)]
    assert read(path) == {"id": ["a"], "x": ["b"]}


def test_a_sheet_layout_for_another_format_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "loans.csv"
    path.write_bytes(b"a,b\n1,2\n")
    with pytest.raises(DataError, match=r"'loans\.csv' has no sheets: it is not a workbook. Omit the sheet"):
        open_table(path, SheetLayout(sheet="Loans"))


def test_a_bound_stands_for_every_unpacking() -> None:
    assert source.FREE_BYTES == 1 << 29


@pytest.mark.parametrize(
    ("first", "chosen"),
    [([["Extract of May"]], "Loans"), ([["Read"], ["this"], ["first"]], "Loans"), ([["a", "b"], [1, 2]], "First")],
    ids=["title", "notes", "table"],
)
def test_a_sheet_of_notes_before_the_table_is_skipped(tmp_path: Path, first: list[list[Any]], chosen: str) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in (("First", first), ("Loans", [["id", "income"], ["1", 2]])):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    assert likely_sheet(path) == chosen
    assert WorkbookReader(path).layout == SheetLayout(sheet=chosen, header_row=1)


def test_texts_that_repeat_in_many_cells_are_read(tmp_path: Path) -> None:
    """Excel and XlsxWriter state the number of references to shared strings, far more than there are strings."""
    path = tmp_path / "customers.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row in range(2_001):
            sheet.write_row(row, 0, ["n", "txt"] if row == 0 else [row, "ab"[row % 2]])
    assert open_table(path).read_all().column("txt").value_counts().to_pylist() == [
        {"values": "b", "counts": 1_000},
        {"values": "a", "counts": 1_000},
    ]


@pytest.mark.parametrize("counts", ['count="429496729512"', 'count="4000000000" uniqueCount="1"', 'uniqueCount="900"'])
def test_stated_numbers_of_shared_strings_that_do_no_harm_are_accepted(tmp_path: Path, counts: str) -> None:
    path = tmp_path / "customers.xlsx"
    path.write_bytes(with_strings(STRINGS.format(counts, "<si><t>x</t></si>")))
    assert open_table(path).read_all().num_rows == 7
