"""The Data page: from a file to a dataset."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from riskmodel.tables.numbers import NumberFormat
from riskmodel.workspace.workspace import Workspace
from tests.pages.conftest import Trained
from tests.pages.studio import address, buttons, drawn, errors, open_page, press, words

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1"
FEW = b"id,income,outcome\n" + b"".join(b"%03d,%d,%d\n" % (row, 1000 + 7 * row, row % 3 == 0) for row in range(60))


def upload(content: bytes, name: str = "customers.csv") -> AppTest:
    tab = open_page("data")
    return drawn(tab.file_uploader(key="upload").upload(name, content).run())


def test_an_empty_studio_asks_for_customers(home: Path) -> None:
    tab = open_page("data")
    assert tab.title[0].value == "Which customers?"
    assert buttons(tab) == {"use_sample": True}
    assert not tab.selectbox


def test_the_sample_becomes_a_dataset_with_a_profile(home: Path) -> None:
    tab = press(open_page("data"), "use_sample")
    assert "5,000 rows · 28 columns · UTF-8, separated by commas" in words(tab)
    assert tab.selectbox(key="target").value == "defaulted"
    assert tab.radio(key="bad_value").value == "1"
    assert "identifier: customer_id" in words(tab)

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


def test_a_role_that_is_changed_is_saved_and_found_again(home: Path) -> None:
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


def test_numbers_are_read_as_the_analyst_says_they_are_written(home: Path) -> None:
    rows = "".join(f"{i:03d};{i % 90 + 10},{i % 10}00;{'bad' if i % 4 == 0 else 'good'}\n" for i in range(60))
    tab = upload(f"id;income;outcome\n{rows}".encode())
    editor = f"roles_{address(tab, 'source')}_outcome"
    tab.session_state[editor] = {
        "edited_rows": {1: {"number_format": "1234,50"}}, "added_rows": [], "deleted_rows": []
    }  # fmt: skip
    tab = press(drawn(tab.run()), "save_dataset")
    workspace = Workspace.open(home)
    dataset = workspace.datasets.load(workspace.datasets.list()[0].id)
    assert dataset.table["income"][1].as_py() == 11.1
    assert dataset.schema.column("income").number_format == NumberFormat(decimal_mark=",")


def test_an_earlier_dataset_is_opened_again(trained: Trained) -> None:
    tab = open_page("data")
    assert tab.selectbox(key="dataset_list").value == trained.dataset_id
    tab = press(tab, "open_dataset")
    assert address(tab, "dataset") == trained.dataset_id
    assert "Target **defaulted**" in words(tab)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PNG, "PNG"),
        (b"", "empty"),
        (b"a,b\n", "no rows"),
        (b"a,b\n1,2\n1,2,3\n", "line 3 has 3"),
    ],
    ids=["picture", "empty", "header", "ragged"],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(home: Path, content: bytes, said: str) -> None:
    tab = upload(content)
    assert said in errors(tab)
    assert buttons(tab) == {"other_file": True}
    tab = press(tab, "other_file")
    assert tab.title[0].value == "Which customers?"


def test_a_target_without_an_outcome_cannot_be_saved(home: Path) -> None:
    tab = upload(FEW)
    tab = drawn(tab.selectbox(key="target").set_value("income").run())
    assert "Column 'income' has 60 different values; an outcome has two" in words(tab)
    assert not buttons(tab)["save_dataset"]


def test_a_cell_that_is_no_number_is_named_and_nothing_is_saved(home: Path) -> None:
    tab = upload(FEW.replace(b"\n007,1049,", b"\n007,n/k,"))
    editor = f"roles_{address(tab, 'source')}_outcome"
    tab.session_state[editor] = {"edited_rows": {1: {"role": "numerical"}}, "added_rows": [], "deleted_rows": []}
    tab = press(drawn(tab.run()), "save_dataset")
    assert "Column 'income' has 1 value" in errors(tab) and "'n/k' in row 8" in errors(tab)
    assert Workspace.open(home).datasets.list() == []


def test_an_address_of_a_file_that_is_not_there_is_said(home: Path) -> None:
    tab = open_page("data", dataset="0123456789abcdef")
    assert "There is no dataset '0123456789abcdef'" in errors(tab)
    tab = press(tab, "other_file")
    assert tab.title[0].value == "Which customers?"
