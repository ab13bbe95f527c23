"""The XML of sheets: constructs with which the library could lose cells are errors."""

import io
from pathlib import Path

import pytest
import xlsxwriter

from riskmodel.errors import DataError
from riskmodel.tables.reading.open_table import open_table
from riskmodel.tables.reading.sheets import xml_sheets
from riskmodel.tables.reading.sheets.workbooks import WorkbookReader
from tests.riskmodel.tables import workbook_files


def test_entities_in_place_of_cells_are_an_error(tmp_path: Path) -> None:
    path = tmp_path / "entity.xlsx"
    path.write_bytes(workbook_files.xlsx('<row r="1"><c r="A1"><v>&amount;</v></c></row>'))
    with pytest.raises(DataError, match="undefined entity"):
        open_table(path)
    types = '<!DOCTYPE sheet [<!ENTITY amount "5">]>'
    sheet = f'{types}<worksheet><sheetData><row r="1"><c r="A1"><v>&amount;</v></c></row></sheetData></worksheet>'
    with pytest.raises(ValueError, match="a document type is declared for 'sheet'"):
        xml_sheets.scan_xlsx_sheet(lambda: io.BytesIO(sheet.encode()))
    with pytest.raises(ValueError, match="a document type is declared for 'sheet'"):
        xml_sheets.scan_ods(io.BytesIO(f"{types}<office/>".encode()))


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize("is_usual", [True, False])
def test_formulas_without_a_value_and_hidden_rows_are_reported(tmp_path: Path, is_usual: bool) -> None:
    path = tmp_path / "book.xlsx"
    name = "r" if is_usual else "s='0' r"  # a cell that needs the full parse
    rows = "".join(
        f'<row r="{n}"{" hidden=" + chr(34) + "1" + chr(34) if n == 3 else ""}><c {name}="A{n}"><v>{n}</v></c>'
        f'<c r="B{n}"><f>A{n}*2</f></c><c r="C{n}" t="str"><f>""</f><v></v></c></row>'
        for n in (2, 3)
    )
    header = "".join(f'<c r="{c}1" t="inlineStr"><is><t>{c}</t></is></c>' for c in "ABC")
    path.write_bytes(workbook_files.xlsx(f'<row r="1">{header}</row>{rows}'))
    reader = WorkbookReader(path)
    assert reader.notes == (
        "2 formulas without a stored value (first: B2): the cells are read as blank. Open the workbook in a "
        "spreadsheet program and save it.",
        "1 hidden row included.",
    )
    assert reader.read_all()["A"].to_pylist() == ["2", "3"]


@pytest.mark.usefixtures("in_process")
def test_a_hidden_sheet_is_read_only_if_no_other_has_a_table(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    for visible, chosen in (([["a", "b"], [1, 2]], "Visible"), ([["note"]], "Hidden")):
        with xlsxwriter.Workbook(path) as book:
            for name, rows in (("Hidden", [["id", "bad"], [1, 0]]), ("Visible", visible)):
                sheet = book.add_worksheet(name)
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)
                sheet.hide() if name == "Hidden" else sheet.activate()
        reader = WorkbookReader(path)
        assert reader.layout.sheet == chosen
        assert reader.notes == (("Sheet 'Hidden' is hidden.",) if chosen == "Hidden" else ())


@pytest.mark.usefixtures("in_process")
def test_a_row_of_types_is_excluded(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Loans")
        for number, row in enumerate(
            [["id", "income", "bad"], ["int", "float", "bool"], *[[n, 5.5, 0] for n in range(9)]]
        ):
            sheet.write_row(number, 0, row)
    reader = WorkbookReader(path)
    assert reader.names == ["id", "income", "bad"]
    assert [tuple(row)[::2] for row in reader.excluded] == [(2, "it names the types of the columns")]
