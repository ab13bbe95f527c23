"""Rows of a sheet that are not data are excluded and listed; the others are unchanged."""

import csv
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskmodel.tables.reading.layout.exclusions import NO_VALUES
from riskmodel.tables.reading.open_table import notes_of, open_table, read_file
from riskmodel.tables.reading.sheets.workbooks import WorkbookReader
from riskmodel.tables.reading.text.reading import BatchReader
from riskmodel.tables.schema.sheet_layout import SheetLayout
from tests.real_data import shared_case
from tests.riskmodel.tables.layouts import make_report, write_sheet


def build(folder: Path, rows: list[list[Any]]) -> Path:
    path = folder / "loans.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def read_sheet(path: Path) -> dict[str, list[str]]:
    return WorkbookReader(path).read_all().to_pydict()


LOANS = [["account", "income", "region", "bad"], *([f"AC{n}", 1000.0 * n, "NS"[n % 2], n % 2] for n in range(1, 13))]


def test_totals_notes_and_repeated_headers_are_excluded_and_listed(tmp_path: Path) -> None:
    rows = [
        ["Loans of May"],
        [],
        *LOANS[:4],
        ["Account", "INCOME", "region ", "bad"],
        ["Subtotal North", 6000.0],
        *LOANS[4:],
        ["Total", 36000.0],
        [],
        ["Source: core banking, extracted 31.12.2023"],
        ["* in EUR"],
    ]
    reader = open_table(build(tmp_path, rows))
    table, rejects = reader.read_all_but_rejects()
    assert table.to_pydict() == read_sheet(build(tmp_path, LOANS))
    assert rejects.table.to_pydict() == {
        "line": [7, 8, 18, 20, 21],
        "text": [
            "Account\tINCOME\tregion \tbad",
            "Subtotal North\t6000",
            "Total\t36000",
            "Source: core banking, extracted 31.12.2023",
            "* in EUR",
        ],
        "reason": ["it repeats the header", "it is a total", "it is a total", "it is a note", "it is a note"],
    }
    assert notes_of(reader, None) == (
        "Read as Excel workbook, sheet 'Sheet1', header in row 3; 1 blank row ignored.",
        "5 rows were not read (row 7: it repeats the header; row 8: it is a total; row 18: it is a total; …).",
    )


def test_a_total_of_numbers_only_is_found_at_the_end(tmp_path: Path) -> None:
    rows = [["branch", "amount", "rate"], ["A", 100, 1], ["B", 200.5, 2], ["Total", 300.5, 3.1]]
    assert read_sheet(build(tmp_path, rows))["branch"] == ["A", "B"]
    assert read_sheet(build(tmp_path, [*rows[:3], ["Total", 150, 1.5]]))["branch"] == ["A", "B", "Total"]


@pytest.mark.parametrize("above", [[], [["", "", "", ""]]], ids=["directly below", "below a blank row"])
@pytest.mark.parametrize("last", [["", 78000, "", ""], ["", 6500, "", ""]], ids=["sum", "mean"])
def test_a_total_without_a_label_is_excluded_from_sheets_and_texts(
    tmp_path: Path, above: list[list[Any]], last: list[Any]
) -> None:
    rows = [*LOANS, *above, last]
    reader = open_table(build(tmp_path, rows))
    table, rejects = reader.read_all_but_rejects()
    assert table.num_rows == 12
    assert rejects.table["reason"].to_pylist()[-1] == "it is a total"
    text = tmp_path / "loans.csv"
    with text.open("w", newline="") as stream:
        csv.writer(stream).writerows(rows)
    file = read_file(text)
    assert file.table["account"].to_pylist() == table["account"].to_pylist()
    assert file.layout.footer_lines == 1


@pytest.mark.parametrize(
    "label", ["Max", "Minimum", "Median", "Count", "Std. dev.", "Anzahl", "Médiane", "最大值", "n = 8"]
)
def test_statistics_are_excluded_if_accounts_are_codes(tmp_path: Path, label: str) -> None:
    rows = [
        ["account", "income", "region", "bad"],
        *([f"AC{n:03}", 1000 * n, "NS"[n % 2], n % 2] for n in range(1, 13)),
    ]
    assert len(read_sheet(build(tmp_path, [*rows, [label, 5000, "", 1]]))["account"]) == 12


def test_names_of_groups_are_reported_and_units_excluded(tmp_path: Path) -> None:
    rows = [["Loans", "", "as of", "2015-05-31"], ["Customer", "Money", "", "Outcome"], *LOANS]
    rows.insert(3, ["", "EUR", "", ""])
    path = build(tmp_path, rows)
    reader = WorkbookReader(path)
    assert reader.description == "Excel workbook, sheet 'Sheet1', header in row 3"
    assert reader.notes[0].startswith("The header is uncertain: row 3 is read as the column names, but row 2 ('Cust")
    assert reader.read_all().to_pydict() == read_sheet(build(tmp_path, LOANS))
    assert reader.excluded == ((4, "\tEUR", "it continues the header"),)
    chosen = WorkbookReader(build(tmp_path, rows), SheetLayout(header_row=2))
    assert (chosen.names[0], chosen.notes) == ("Customer", ("Column C has no name: it is called 'column C'.",))


def test_a_customer_named_max_is_kept(tmp_path: Path) -> None:
    rows = [["name", "income", "region", "bad"], *([name, 900, "N", 1] for name in ("Ida", "Leo", "Eva", "Tom"))]
    assert read_sheet(build(tmp_path, [*rows, ["Max", 5000, "", 1]]))["name"][-1] == "Max"


@pytest.mark.parametrize(
    ("name", "aside"),
    [
        ("portfolio.xlsx", {1202: "it is a total"}),
        ("score.xlsx", {1202: "it is a total"}),
        ("notes_below.xlsx", {1203: "it is a note", 1204: "it is a note"}),
    ],
)
def test_workbooks_of_a_case_have_the_rows_of_its_text(name: str, aside: dict[int, str]) -> None:
    reader = open_table(shared_case(f"31-total-row/{name}"))
    table, rejects = reader.read_all_but_rejects()
    assert dict(zip(rejects.table["line"].to_pylist(), rejects.table["reason"].to_pylist(), strict=True)) == aside
    text = open_table(shared_case("31-total-row/portfolio.csv")).read_all()
    assert table["account"].to_pylist() == text["account"].to_pylist()


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 1 << 32), st.sampled_from(",;\t|"), st.booleans())
def test_the_customers_of_a_report_are_read_and_its_other_rows_reported(
    tmp_path: Path, seed: int, delimiter: str, padded: bool
) -> None:
    report = make_report(seed)
    width = len(report.header)
    notes = [[*row, *[""] * (width - 1)] for row in report.notes] if padded else report.notes
    text, book = tmp_path / "report.csv", tmp_path / "report.xlsx"
    with text.open("w", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows([*report.rows, *notes])
    write_sheet(str(book), [*report.rows, *report.notes], report.header)
    sheet = WorkbookReader(book)
    assert rows_of(sheet.read_all()) == [report.header, *report.customers]
    assert len(sheet.excluded) == report.num_aside
    file = BatchReader(text)
    table, rejects = file.read_all_but_rejects()
    assert rows_of(table) == [report.header, *report.customers]
    num_blank = rejects.table["reason"].to_pylist().count(NO_VALUES)
    assert rejects.num_rows - num_blank + file.dialect.footer_lines == report.num_aside
    assert rows_of(pa.Table.from_batches(BatchReader(text))) == [report.header, *report.customers]


def rows_of(table: pa.Table) -> list[list[str]]:
    """The names of the columns and the rows."""
    return [table.column_names, *map(list, zip(*table.to_pydict().values(), strict=True))]
