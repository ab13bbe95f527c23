"""The Data page: columns of a second file, joined by key."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from riskmodel.workspace.workspace import Workspace
from tests.pages.studio import address, buttons, component_data, drawn, open_page, press, upload_to, words

CUSTOMERS = "number,income,outcome\n" + "".join(
    f"{row:04},{1000 + 7 * row % 300},{int(row % 4 == 0)}\n" for row in range(200)
)
BUREAU = "client;income;limit\n" + "".join(f"{row};1;{row * 50 % 1300}\n" for row in range(250, 50, -1))


def upload_both(second: str = BUREAU) -> AppTest:
    tab = open_page("data")
    tab = upload_to(tab, "upload", "customers.csv", CUSTOMERS.encode())
    return upload_to(tab, "join_upload", "bureau.csv", second.encode())


def test_two_files_are_joined_with_their_origin(home: Path) -> None:
    tab = upload_both()
    left, right = tab.multiselect[0], tab.multiselect[1]
    assert (left.label, left.value, right.value) == ("Key in customers.csv", ["number"], ["client"])
    assert {metric.label: metric.value for metric in tab.metric}["Matched"] == "0"
    assert "Compare as whole numbers: 00017 = 17 = 17.0  :gray[149 more]" in tab.checkbox(key="join_as_numbers").label
    assert not buttons(tab)["join_files"]

    tab = drawn(tab.checkbox(key="join_as_numbers").check().run())
    assert {metric.label: metric.value for metric in tab.metric}["Matched"] == "149"
    message = words(tab)
    assert "Unmatched: 51 rows, with empty added columns (first: '0000', '0001', '0002')." in message
    assert "Unused: 51 of 200 rows of the other file" in message
    assert "'income' becomes 'income_bureau'" in message
    editor = f"roles_{address(tab, 'source')}_outcome"
    tab.session_state[editor] = {"edited_rows": {1: {"role": "ignored"}}, "added_rows": [], "deleted_rows": []}
    tab = press(drawn(tab.run()), "join_files")

    assert tab.title[0].value.replace("\\", "") == "customers + bureau.parquet"
    assert (
        "customers.csv with 2 columns of bureau.csv, joined by number = client (digits as whole numbers, without "
        "leading zeros): 149 of 200 rows matched."
    ) in words(tab)
    assert "ignored: income" in words(tab)  # what was chosen for the first file stays

    tab = press(tab, "save_dataset")
    assert "149 of 200 rows matched" in words(tab)
    store = Workspace.open(home)
    [record] = store.datasets.list()
    origin = store.sources.get(str(record.source_id)).origin
    assert origin is not None
    assert [store.sources.get(each).name for each in origin.source_ids] == ["customers.csv", "bureau.csv"]
    dataset = store.datasets.load(record.id)
    assert dataset.schema.names == ("number", "income", "outcome", "income_bureau", "limit")
    assert dataset.table["number"].to_pylist()[:2] == ["0000", "0001"]
    assert dataset.table["limit"].to_pylist()[50:53] == [None, 51 * 50 % 1300, 52 * 50 % 1300]


def test_duplicate_keys_require_a_selection(home: Path) -> None:
    tab = upload_both("number,limit\n" + "".join(f"{row // 2:04},{row}\n" for row in range(400)))
    assert "Duplicate keys in the other file: 200 rows (first: '0000', '0001', '0002')." in words(tab)
    assert not buttons(tab)["join_files"]
    tab = drawn(tab.radio(key="join_duplicates").set_value("last").run())
    tab = press(tab, "join_files")
    assert "for duplicate keys, the last row was used" in words(tab)


def test_files_without_common_keys_cannot_be_joined(home: Path) -> None:
    tab = upload_both("code,limit\n" + "".join(f"x{row},{row % 9}\n" for row in range(50)))
    assert "Choose the same number of key columns in both files" in words(tab)
    drawn(tab.multiselect[0].set_value(["number"]).run())
    tab = drawn(tab.multiselect[1].set_value(["code"]).run())
    assert "No row matches by this key. Choose another key or file." in words(tab)
    assert not buttons(tab)["join_files"]
    tab = press(tab, "drop_second")
    assert component_data(tab, "join_upload")["label"] == "Second file"


def test_unreadable_rows_of_the_second_file_require_consent(home: Path) -> None:
    second = "number,limit\n" + "".join(f"{row:04},{row}\n" for row in range(60)) + "0061\n" + "0062,7\n"
    tab = upload_both(second)
    assert "1 row was not read" in words(tab)
    assert not buttons(tab)["join_files"]
    tab = drawn(tab.checkbox(key="accept_second_rejects").check().run())
    tab = press(tab, "join_files")
    assert "1 row was rejected or excluded." in words(tab)


def test_another_layout_of_the_second_file_keeps_settings_of_the_first(home: Path) -> None:
    tab = upload_both()
    tab = drawn(tab.selectbox(key="target").set_value("outcome").run())
    [second] = [source.id for source in Workspace.open(home).sources.list() if source.name == "bureau.csv"]
    tab = drawn(tab.selectbox(key=f"dialect_delimiter_{second}").set_value(",").run())
    assert tab.multiselect[1].options == ["client;income;limit"]
    assert tab.multiselect[1].value == [] and not tab.metric
    assert tab.selectbox(key="target").value == "outcome"
    tab = drawn(tab.selectbox(key=f"dialect_delimiter_{second}").set_value(";").run())
    assert tab.multiselect[1].value == ["client"]
    assert tab.selectbox(key="target").value == "outcome"


def test_personal_data_of_the_second_file_are_masked_in_the_preview(home: Path) -> None:
    people = "client;e-mail\n" + "".join(f"{row:04};anna{row}@example.com\n" for row in range(200))
    tab = upload_both(people)
    [preview] = [each.value for each in tab.dataframe if list(each.value.columns) == ["client", "e-mail"]]
    assert len(preview) == 5 and preview["client"][3] == "0003"
    assert not preview["e-mail"].str.contains("anna").any()
