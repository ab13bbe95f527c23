"""The Data page: from a file to a dataset."""

import io
from pathlib import Path

import pytest
import xlsxwriter
from streamlit.testing.v1 import AppTest

from riskmodel.tables.schema.dialect import Dialect
from riskmodel.tables.values.numbers import NumberFormat
from riskmodel.workspace.workspace import Workspace
from tests.pages.conftest import Trained
from tests.pages.studio import address, buttons, drawn, errors, go_to, open_page, press, upload_to, words

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1"
FEW = b"id,income,outcome\n" + b"".join(b"%03d,%d,%d\n" % (row, 1000 + 7 * row, row % 3 == 0) for row in range(60))


def upload(content: bytes, name: str = "customers.csv") -> AppTest:
    tab = open_page("data")
    return upload_to(tab, "upload", name, content)


def test_an_empty_workspace_offers_the_upload(home: Path) -> None:
    tab = open_page("data")
    assert tab.title[0].value == "Choose a dataset"
    assert buttons(tab) == {"use_sample": True}
    assert not tab.selectbox


def test_the_sample_is_saved_as_a_dataset_with_a_profile(home: Path) -> None:
    tab = press(open_page("data"), "use_sample")
    assert "5,000 rows · 28 columns · UTF-8, separated by commas" in words(tab)
    assert tab.selectbox(key="target").value == "defaulted"
    assert tab.radio(key="bad_value").value == "1"
    assert "identifier: customer_id · ignored: age" in words(tab)
    assert tab.toggle(key="leave_protected_out").label == "Exclude protected attributes (age)"

    tab = press(tab, "save_dataset")
    assert {metric.label: metric.value for metric in tab.metric}["Customers"] == "5,000"
    assert buttons(tab)["to_train"] and buttons(tab)["change_roles"]
    table = tab.dataframe[0].value
    assert list(table["column"])[:2] == ["customer_id", "application_date"]
    [record] = Workspace.open(home).datasets.list()
    assert address(tab, "dataset") == record.id
    assert record.target == "defaulted"

    tab = drawn(tab.selectbox(key="profile_column").set_value("region").run())
    assert not tab.error


def test_a_changed_role_is_saved_and_restored(home: Path) -> None:
    tab = upload(FEW)
    editor = f"roles_{address(tab, 'source')}_outcome"
    tab.session_state[editor] = {"edited_rows": {1: {"role": "ignored"}}, "added_rows": [], "deleted_rows": []}
    tab = drawn(tab.run())
    assert "ignored: income" in words(tab)

    tab = press(tab, "save_dataset")
    workspace = Workspace.open(home)
    dataset = workspace.datasets.load(workspace.datasets.list()[0].id)
    assert dataset.schema.kind_of("income") == "ignored"

    tab = press(tab, "change_roles")
    assert "ignored: income" in words(tab)
    assert tab.selectbox(key="target").value == "outcome"


def test_numbers_are_read_with_the_chosen_format(home: Path) -> None:
    rows = "".join(f"{i:03d};{i % 90 + 10},{i % 10}00;{'bad' if i % 4 == 0 else 'good'}\n" for i in range(60))
    tab = upload(f"id;income;outcome\n{rows}".encode())
    editor = f"roles_{address(tab, 'source')}_outcome"
    tab.session_state[f"{editor}_formats"] = {
        "edited_rows": {1: {"number_format": "1234,50"}}, "added_rows": [], "deleted_rows": []
    }  # fmt: skip
    tab = press(drawn(tab.run()), "save_dataset")
    workspace = Workspace.open(home)
    dataset = workspace.datasets.load(workspace.datasets.list()[0].id)
    assert dataset.table["income"][1].as_py() == 11.1
    assert dataset.schema.column("income").number_format == NumberFormat(decimal_mark=",")


def test_a_saved_dataset_is_opened(trained: Trained) -> None:
    tab = open_page("data")
    assert tab.selectbox(key="dataset_list").value == trained.dataset_id
    tab = press(tab, "open_dataset")
    assert address(tab, "dataset") == trained.dataset_id
    assert "Target **defaulted**" in words(tab)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (PNG, "PNG"),
        (b"", "empty"),
        (b"a,b\n", "no rows"),
        (b"a,b\n1\n1,2,3\n", "no row that can be read"),
    ],
    ids=["picture", "empty", "header", "ragged"],
)
def test_an_unreadable_file_is_rejected_with_a_message(home: Path, content: bytes, message: str) -> None:
    tab = upload(content)
    assert message in errors(tab)
    assert buttons(tab) == {"other_file": True}
    tab = press(tab, "other_file")
    assert tab.title[0].value == "Choose a dataset"


def test_an_invalid_target_cannot_be_saved(home: Path) -> None:
    tab = upload(FEW)
    tab = drawn(tab.selectbox(key="target").set_value("income").run())
    assert "Column 'income' has 60 distinct values; a target has two" in words(tab)
    assert not buttons(tab)["save_dataset"]


def test_a_non_numeric_cell_is_missing_a_special_code_or_rejects_its_row(home: Path) -> None:
    workspace = Workspace.open(home)
    for num_rows, choice in ((60, ""), (60, "special code"), (59, "reject row")):
        tab = upload(FEW.replace(b"\n007,1049,", b"\n007,n/k,"))
        editor = f"roles_{address(tab, 'source')}_outcome"
        assert "numbers from 1,000 to 1,413; 59 of 60 values are numbers" in "".join(
            warning.value for warning in tab.warning
        )
        edits = {1: {"unreadable": choice}} if choice else {}
        tab.session_state[f"{editor}_formats"] = {"edited_rows": edits, "added_rows": [], "deleted_rows": []}
        tab = drawn(tab.run())
        rejected = "1 row is rejected, since the cell cannot be read"
        assert any(rejected in warning.value for warning in tab.warning) == (choice == "reject row")
        press(tab, "save_dataset")
        dataset = workspace.datasets.load(workspace.datasets.list()[0].id)
        assert (dataset.num_rows, dataset.schema.kind_of("income")) == (num_rows, "numerical")
        column = dataset.schema.column("income")
        assert column.extra_markers == (() if choice else ("n/k",))
        assert column.special_texts == (("n/k",) if choice == "special code" else ())
        assert dataset.table["income"].null_count == (0 if choice else 1)


def test_a_non_numeric_cell_is_reported_and_nothing_is_saved(home: Path) -> None:
    tab = upload(FEW.replace(b"\n007,1049,", b"\n007,n/k,"))
    editor = f"roles_{address(tab, 'source')}_outcome"
    # Proposed as missing, which the analyst takes back.
    tab.session_state[f"{editor}_formats"] = {"edited_rows": {1: {"missing": []}}, "added_rows": [], "deleted_rows": []}
    tab = press(drawn(tab.run()), "save_dataset")
    assert "Column 'income' has 1 value" in errors(tab) and "'n/k' in row 8" in errors(tab)
    assert Workspace.open(home).datasets.list() == []


def test_an_unknown_dataset_in_the_url_is_reported(home: Path) -> None:
    tab = open_page("data", dataset="0123456789abcdef")
    assert "There is no dataset '0123456789abcdef'" in errors(tab)
    tab = press(tab, "other_file")
    assert tab.title[0].value == "Choose a dataset"


def workbook() -> bytes:
    """Two sheets with cells, the first with a title above its header."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet("Cover")
        for name, income in (("Loans", "income"), ("Cards", "turnover")):
            sheet = book.add_worksheet(name)
            sheet.write(0, 0, "Of the year 2015")
            sheet.write_row(2, 0, ["id", income, "outcome"])
            for row in range(60):
                sheet.write_row(3 + row, 0, [f"{row:03d}", 1000 + 7 * row, int(row % 3 == 0)])
    return content.getvalue()


def test_sheet_and_header_row_of_a_workbook_are_chosen(home: Path) -> None:
    tab = upload(workbook(), "book.xlsx")
    source = address(tab, "source")
    assert "60 rows · 3 columns · Excel workbook, sheet 'Loans', header in row 3" in words(tab)
    assert tab.selectbox(key=f"sheet_of_{source}").options == ["Loans · 63 rows", "Cards · 63 rows"]

    tab = drawn(tab.selectbox(key=f"sheet_of_{source}").set_value("Cards").run())
    assert "sheet 'Cards', header in row 3" in words(tab)
    assert tab.selectbox(key="target").value == "outcome"
    tab = press(tab, "save_dataset")
    store = Workspace.open(home)
    dataset = store.datasets.load(store.datasets.list()[0].id)
    assert dataset.schema.names == ("id", "turnover", "outcome")


def test_an_invalid_header_row_is_reported_and_can_be_changed(home: Path) -> None:
    tab = upload(workbook(), "book.xlsx")
    source = address(tab, "source")
    key = f"header_row_of_{source}_Loans"
    tab = drawn(tab.number_input(key=key).set_value(900).run())
    assert "sheet 'Loans' has no row 900 for the header. Its last filled row is 63" in errors(tab)
    tab = drawn(tab.number_input(key=key).set_value(3).run())
    assert "60 rows · 3 columns" in words(tab)
    assert not tab.error

    tab = drawn(tab.number_input(key=key).set_value(5).run())
    tab = drawn(tab.selectbox(key=f"sheet_of_{source}").set_value("Cards").run())
    assert "sheet 'Cards', header in row 3" in words(tab)
    assert tab.number_input(key=f"header_row_of_{source}_Cards").value is None
    assert not tab.error and all("Please check" in warning.value for warning in tab.warning)


MESS = "Customers of May\n\nid;income;outcome\n" + "".join(
    f"{row:03};{1000 + 7 * row},50;{row % 3 // 2}\n" for row in range(60)
)
MESS = MESS.replace("\n007;", "\nseven\n007;").replace("\n011;", '\n"x"y;1;1\n011;') + "Total;99\n"


def test_unreadable_rows_are_shown_and_dropped_only_with_consent(home: Path) -> None:
    tab = upload(MESS.encode("cp1252"))
    message = "60 rows · 3 columns · UTF-8, separated by semicolons, first 2 lines excluded, last line excluded"
    assert message in words(tab)
    assert "are not read: unreadable rows are rejected" in words(tab)
    assert list(tab.dataframe[0].value["line"]) == [11, 16]
    assert not buttons(tab)["save_dataset"]
    assert "Decide what to do with the unreadable rows before saving." in words(tab)

    tab = drawn(tab.checkbox(key="accept_rejects").check().run())
    tab = press(tab, "save_dataset")
    store = Workspace.open(home)
    dataset = store.datasets.load(store.datasets.list()[0].id)
    assert (dataset.num_rows, dataset.table["income"][0].as_py()) == (60, 1000.5)
    assert dataset.schema.layout == Dialect(delimiter=";", skip_lines=2, footer_lines=1)

    tab = press(tab, "change_roles")  # in whatever way it was read then
    assert message in words(tab)


def test_format_settings_can_be_changed(home: Path) -> None:
    tab = upload(b"A\n" + FEW.replace(b",", b";") + b"Total;;30\n")
    source = address(tab, "source")
    assert "60 rows" in words(tab) and "are not read" not in words(tab), "the total is below the table"
    tab = drawn(tab.number_input(key=f"dialect_footer_lines_{source}").set_value(0).run())
    assert "60 rows · 3 columns · UTF-8, separated by semicolons, first line excluded" in words(tab)
    assert "1 row of 61 (1.6%) is not read" in words(tab), "as a row of the table it is a total"
    tab = drawn(tab.number_input(key=f"dialect_skip_lines_{source}").set_value(0).run())
    assert "no row that can be read" in errors(tab)
    tab = drawn(tab.number_input(key=f"dialect_skip_lines_{source}").set_value(1).run())
    assert not tab.error
    tab = drawn(tab.text_input(key=f"dialect_comment_{source}").set_value("é").run())
    assert "The previous settings are used" in words(tab)
    tab = drawn(tab.text_input(key=f"dialect_comment_{source}").set_value("").run())
    tab = drawn(tab.selectbox(key=f"dialect_encoding_{source}").set_value("utf-16").run())
    assert "cannot be read as utf-16" in errors(tab)


def test_generated_column_names_are_reported(home: Path) -> None:
    tab = upload(FEW.replace(b"id,income,outcome", b"id,,id"))
    assert "Column 2 has no name: it is called 'column 2'." in words(tab)
    assert "The name 'id' is used more than once: column 3 is called 'id (2)'." in words(tab)


def test_a_missing_value_marker_of_one_column(home: Path) -> None:
    rows = b"".join(
        b"%03d,%d,%d,%d\n" % (row, -9999 if row < 6 else 1000 + row, -9999, row % 3 == 0) for row in range(60)
    )
    tab = upload(b"id,income,debt,outcome\n" + rows.replace(b",-9999,", b",-9999,", 6))
    source = address(tab, "source")
    tab.session_state[f"roles_{source}_outcome_formats"] = {
        "edited_rows": {1: {"missing": ["-9999"]}},
        "added_rows": [],
        "deleted_rows": [],
    }
    tab = press(drawn(tab.run()), "save_dataset")
    store = Workspace.open(home)
    dataset = store.datasets.load(address(tab, "dataset"))
    store.close()
    assert dataset.table["income"].null_count == 6
    assert dataset.schema.column("debt").missing_markers is None
    own = dataset.schema.column("income").missing_markers
    assert own is not None and own[-1] == "-9999" and "NA" in own


STATUSES = "id,income,loan_status\n" + "".join(
    f"{row:03},{1000 + 7 * row},{status}\n"
    for row, status in enumerate(
        ["Fully Paid", "Fully Paid", "Charged Off", "Current", "fully paid", "In Grace Period", "Default", "Sold"] * 10
    )
)


def test_many_target_values_are_assigned_to_three_lists(home: Path) -> None:
    tab = upload(STATUSES.replace("Sold", "Issued").encode())
    assert tab.selectbox(key="target").value == "loan_status"
    lists = {kind: tab.multiselect(key=f"{kind}_values").value for kind in ("bad", "good", "undetermined")}
    assert lists == {
        "bad": ["Charged Off", "Default"],
        "good": ["Fully Paid"],
        "undetermined": ["Current", "In Grace Period", "Issued"],
    }
    assert "Bad rate **40.0%** · 20 bad, 30 good, 30 undetermined" in words(tab)
    assert "'Fully Paid' and 'fully paid' are counted as one outcome." in words(tab)
    assert "Please check" not in words(tab)

    tab = drawn(tab.multiselect(key="good_values").set_value(["Fully Paid", "Current"]).run())
    assert tab.multiselect(key="undetermined_values").value == ["In Grace Period", "Issued"]
    assert "'Current' is not a final outcome, but is counted as good." in words(tab)
    tab = drawn(tab.multiselect(key="bad_values").set_value([]).run())
    assert not buttons(tab)["save_dataset"]
    tab = drawn(tab.multiselect(key="bad_values").set_value(["Default"]).run())

    tab = press(tab, "save_dataset")
    store = Workspace.open(home)
    dataset = store.datasets.load(address(tab, "dataset"))
    store.close()
    assert (dataset.schema.bad_values, dataset.schema.good_values) == (("Default",), ("Fully Paid", "Current"))
    assert [(dataset.bad() == code).sum() for code in (1, 0, -1)] == [10, 40, 30]
    assert {metric.label: metric.value for metric in tab.metric}["Bad rate"] == "20.0%"
    assert "bad is 'Default' (10 customers, 20.0%); good is 'Fully Paid' and 'Current' (40); undetermined" in words(tab)

    tab = press(tab, "change_roles")
    assert tab.multiselect(key="bad_values").value == ["Default"]
    assert tab.multiselect(key="undetermined_values").value == ["Charged Off", "In Grace Period", "Issued"]


def test_settings_of_a_file_stay_after_another_page_and_end_with_another_file(home: Path) -> None:
    tab = upload(STATUSES.encode())
    tab = drawn(tab.selectbox(key="target").set_value("loan_status").run())
    tab = drawn(tab.multiselect(key="good_values").set_value(["Fully Paid", "Sold"]).run())
    tab = drawn(tab.multiselect(key="missing_markers").set_value(["", "gone"]).run())
    drawn(tab.text_input(key="dataset_name").set_value("Loans of May").run())
    tab = go_to(go_to(tab, "runs"), "data")
    assert tab.selectbox(key="target").value == "loan_status"
    assert tab.multiselect(key="good_values").value == ["Fully Paid", "Sold"]
    assert tab.multiselect(key="missing_markers").value == ["", "gone"]
    assert tab.text_input(key="dataset_name").value == "Loans of May"
    tab = press(tab, "other_file")
    tab = upload_to(tab, "upload", "other.csv", FEW)
    assert tab.selectbox(key="target").value == "outcome" and tab.radio(key="bad_value").value == "1"
    assert (
        "" in tab.multiselect(key="missing_markers").value
        and "gone" not in tab.multiselect(key="missing_markers").value
    )
    assert tab.text_input(key="dataset_name").value == "other"


def test_unknown_target_values_are_undetermined_by_default(home: Path) -> None:
    tab = upload(STATUSES.encode())
    assert tab.selectbox(key="target").value is None
    tab = drawn(tab.selectbox(key="target").set_value("loan_status").run())
    assert tab.multiselect(key="undetermined_values").value == ["Current", "In Grace Period", "Sold"]
    assert "The meaning of 'Sold' is unknown." in words(tab)


def test_an_uncertain_proposal_is_marked_for_a_check(home: Path) -> None:
    tab = upload(FEW.replace(b"outcome", b"not_default"))
    assert tab.radio(key="bad_value").value == "0"
    assert "Please check.** By the column's name 'not_default', '1' means good" in words(tab)
    tab = drawn(tab.radio(key="bad_value").set_value("1").run())
    assert "In target 'not_default', '1' usually means good, but is counted as bad." in words(tab)
