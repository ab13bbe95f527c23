"""The XML of sheets: what could make the library that reads the cells lose one is refused."""

import io
from pathlib import Path

import pytest

from riskmodel.errors import DataError
from riskmodel.tables import xml_sheets
from riskmodel.tables.formats import open_table
from tests.riskmodel.tables import workbook_files


def test_entities_that_stand_in_for_cells_are_refused(tmp_path: Path) -> None:
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
