"""A file to score is read in the format of the training file if it fits, else in its own format."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.errors import DataError
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.scoring.streaming.layouts import describe_differences, fitting_layout, restore_names
from riskmodel.scoring.streaming.stream import score_file
from riskmodel.tables.schema.dialect import Dialect
from riskmodel.tables.schema.sheet_layout import SheetLayout

NEEDED = ("income", "city")
PLAIN = "id,income,city\n1,2,Oslo\n2,3,Rome\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "new.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_that_explains_itself_is_read_as_it_is_written(tmp_path: Path) -> None:
    stored = Dialect(delimiter=";", skip_lines=2, footer_lines=1)
    assert fitting_layout(write(tmp_path, PLAIN), stored, NEEDED) == Dialect()
    assert fitting_layout(write(tmp_path, PLAIN), None, NEEDED) is None


def test_facts_only_in_the_training_file_are_taken_from_it(tmp_path: Path) -> None:
    # Three names and three rows of letters: nothing in the file says that the first line is no header.
    path = write(tmp_path, "Bank,of,Oslo\nid,income,city\na,b,Oslo\nc,d,Rome\n")
    assert fitting_layout(path, Dialect(skip_lines=1), NEEDED) == Dialect(skip_lines=1)
    assert fitting_layout(path, Dialect(skip_lines=2), NEEDED) == Dialect()


def test_a_file_without_a_total_keeps_its_last_customer_although_the_training_file_had_one(tmp_path: Path) -> None:
    path = write(tmp_path, "Bank,of,Oslo\nid,income,city\na,b,Oslo\nc,d,Rome\n")
    stored = Dialect(skip_lines=1, footer_lines=1)
    assert fitting_layout(path, stored, NEEDED) == Dialect(skip_lines=1, footer_lines=0)


@pytest.mark.parametrize(("name", "taken"), [("Loans", True), ("Other", False)])
def test_the_sheet_of_the_training_file_is_taken_if_the_workbook_has_it(tmp_path: Path, name: str, taken: bool) -> None:
    path = tmp_path / "new.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Notes").write(0, 0, "read the next sheet")
        sheet = book.add_worksheet(name)
        for number, row in enumerate([["id", "income", "city"], [1, 2, "Oslo"]]):
            sheet.write_row(number, 0, row)
    stored = SheetLayout(sheet="Loans", header_row=1)
    assert fitting_layout(path, stored, NEEDED) == (stored if taken else None)


def test_a_scoring_reports_the_detected_format(model: RiskModel, tmp_path: Path) -> None:
    plain = score_file(model, write(tmp_path, PLAIN))
    assert (plain.read_as, plain.notes) == ("UTF-8, separated by commas", ())
    model = replace(model, schema=model.schema.with_layout(Dialect()))
    mess = score_file(model, write(tmp_path, "May\n\n" + PLAIN.replace("\n", ",\n") + "Total,5,,\n"), output_csv=None)
    assert mess.num_rows == 2
    assert mess.read_as == "UTF-8, separated by commas, first 2 lines excluded, last line excluded"
    assert mess.notes == (f"Read as {mess.read_as}.", "Column 4 has no name: it is called 'column 4'.")


def test_format_differences_from_the_training_file_are_named() -> None:
    stored = Dialect(delimiter=";", encoding="cp1252", skip_lines=2)
    assert describe_differences(stored, stored) == ()
    assert describe_differences(Dialect(encoding="utf-8-sig", footer_lines=1), stored) == (
        "UTF-8 instead of Western European (Windows)",
        "commas instead of semicolons",
        "0 instead of 2 lines before the header",
        "1 instead of 0 lines after the last customer",
    )
    assert describe_differences(SheetLayout(sheet="a"), stored) == ("a workbook instead of a text file",)
    assert describe_differences(None, SheetLayout(sheet="a")) == ("a typed file instead of a workbook",)
    assert describe_differences(Dialect(), None) == ()


def test_an_uncertain_encoding_is_that_of_the_training_file(tmp_path: Path) -> None:
    path = tmp_path / "new.csv"
    path.write_bytes("id,income,city\n1,2,İzmir\n2,3,Muğla\n3,4,İstanbul\n".encode("cp1254"))
    assert fitting_layout(path, Dialect(encoding="cp1252"), NEEDED) == Dialect(encoding="cp1252")
    assert fitting_layout(path, Dialect(encoding="cp1254"), NEEDED) == Dialect(encoding="cp1254")
    assert fitting_layout(path, Dialect(encoding="gb18030"), NEEDED) == Dialect(encoding="cp1252")


@given(
    st.lists(
        st.sampled_from(["annual", "income", "Einkommen", "年收入", "revenu", "12"]),
        min_size=1,
        max_size=3,
        unique=True,
    ),
    st.sampled_from(["", " ", "_", "-", ".", "__"]),
    st.sampled_from([str.upper, str.lower, str.title, str]),
    st.sampled_from(["", " "]),
)
def test_names_that_differ_only_in_how_they_are_written_are_the_models(
    words: list[str], separator: str, case: Callable[[str], str], space: str
) -> None:
    name, written = "_".join(words), f"{case(separator.join(words))}{space}"
    assert restore_names(["city", written], [name, "city"]) == ["city", name]
    assert restore_names([written, written.swapcase() + "_"], [name]).count(name) <= 1


def test_names_are_not_restored_where_two_columns_or_a_column_of_the_training_file_could_be_meant() -> None:
    assert restore_names(["Income", "INCOME"], ["income"]) == ["Income", "INCOME"]
    assert restore_names(["Income"], ["income"], known=["income", "Income"]) == ["Income"]
    assert restore_names(["In come"], ["income", "in_come"]) == ["In come"]
    assert restore_names(["income", "Income"], ["income"]) == ["income", "Income"]


def test_renamed_columns_are_scored_alike_and_named(model: RiskModel, tmp_path: Path) -> None:
    right, other = tmp_path / "right.csv", tmp_path / "other.csv"
    score_file(model, write(tmp_path, PLAIN), output_csv=right)
    report = score_file(model, write(tmp_path, PLAIN.replace("income,city", "INCOME , City")), output_csv=other)
    assert report.notes == (
        "2 columns whose names are written differently in the training file: 'INCOME ' as 'income' and ' City' as "
        "'city'.",
    )
    assert right.read_text().splitlines()[1:] == other.read_text().splitlines()[1:]
    assert other.read_text().startswith("id,INCOME , City,")
    with pytest.raises(DataError, match=r"lacks 1 column .* 'income' \(the file has 'Income' or 'INCOME'\)"):
        score_file(model, write(tmp_path, "id,Income,INCOME,city\n1,2,3,Oslo\n"))
