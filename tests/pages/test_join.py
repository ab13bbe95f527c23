"""The Data page: columns of a second file, joined by key."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from riskmodel.workspace.workspace import Workspace
from tests.pages.studio import address, buttons, drawn, open_page, press, told, upload_to, words

CUSTOMERS = "number,income,outcome\n" + "".join(
    f"{row:04},{1000 + 7 * row % 300},{int(row % 4 == 0)}\n" for row in range(200)
)
BUREAU = "client;income;limit\n" + "".join(f"{row};1;{row * 50 % 1300}\n" for row in range(250, 50, -1))


def upload_both(second: str = BUREAU) -> AppTest:
    tab = open_page("data")
    tab = upload_to(tab, "upload", "customers.csv", CUSTOMERS.encode())
    return upload_to(tab, "join_upload", "bureau.csv", second.encode())


def test_two_files_become_one_that_knows_where_it_came_from(home: Path) -> None:
    tab = upload_both()
    left, right = tab.multiselect[0], tab.multiselect[1]
    assert (left.label, left.value, right.value) == ("Key in customers.csv", ["number"], ["client"])
    assert {metric.label: metric.value for metric in tab.metric}["Find their row"] == "0"
    assert (
        "Digits are whole numbers: 00017, 17 and 17.0 are the same  :gray[149 more]"
        in tab.checkbox(key="join_as_numbers").label
    )
    assert not buttons(tab)["join_files"]

    tab = drawn(tab.checkbox(key="join_as_numbers").check().run())
    assert {metric.label: metric.value for metric in tab.metric}["Find their row"] == "149"
    said = words(tab)
    assert "51 rows find none and stay empty in the added columns (first: '0000', '0001', '0002')." in said
    assert "51 rows of the other file's 200 are not needed" in said
    assert "'income' becomes 'income_bureau'" in said
    editor = f"roles_{address(tab, 'source')}_outcome"
    tab.session_state[editor] = {"edited_rows": {1: {"role": "ignored"}}, "added_rows": [], "deleted_rows": []}
    tab = press(drawn(tab.run()), "join_files")

    assert tab.title[0].value.replace("\\", "") == "customers + bureau.parquet"
    assert (
        "customers.csv with 2 columns of bureau.csv, joined by number = client (digits as whole numbers, without "
        "leading zeros): 149 of 200 rows found theirs."
    ) in words(tab)
    assert "ignored: income" in words(tab)  # what was chosen for the first file stays

    tab = press(tab, "save_dataset")
    assert "149 of 200 rows found theirs" in words(tab)
    store = Workspace.open(home)
    [record] = store.datasets.list()
    origin = store.sources.get(str(record.source_id)).origin
    assert origin is not None
    assert [store.sources.get(each).name for each in origin.source_ids] == ["customers.csv", "bureau.csv"]
    dataset = store.datasets.load(record.id)
    assert dataset.schema.names == ("number", "income", "outcome", "income_bureau", "limit")
    assert dataset.table["number"].to_pylist()[:2] == ["0000", "0001"]
    assert dataset.table["limit"].to_pylist()[50:53] == [None, 51 * 50 % 1300, 52 * 50 % 1300]


def test_repeated_keys_need_a_choice(home: Path) -> None:
    tab = upload_both("number,limit\n" + "".join(f"{row // 2:04},{row}\n" for row in range(400)))
    assert "In the other file, 200 rows repeat the key of an earlier row (first: '0000', '0001', '0002')." in words(tab)
    assert not buttons(tab)["join_files"]
    tab = drawn(tab.radio(key="join_duplicates").set_value("last").run())
    tab = press(tab, "join_files")
    assert "of several rows with one key, the last was taken" in words(tab)


def test_files_with_nothing_in_common_add_nothing(home: Path) -> None:
    tab = upload_both("code,limit\n" + "".join(f"x{row},{row % 9}\n" for row in range(50)))
    assert "Choose as many key columns in one file as in the other" in words(tab)
    drawn(tab.multiselect[0].set_value(["number"]).run())
    tab = drawn(tab.multiselect[1].set_value(["code"]).run())
    assert "No row finds another one by this key. Choose another key or file." in words(tab)
    assert not buttons(tab)["join_files"]
    tab = press(tab, "drop_second")
    assert told(tab, "join_upload")["label"] == "Second file"


def test_rows_of_the_second_file_that_cannot_be_read_need_a_word(home: Path) -> None:
    second = "number,limit\n" + "".join(f"{row:04},{row}\n" for row in range(60)) + "0061\n" + "0062,7\n"
    tab = upload_both(second)
    assert "1 row was set aside" in words(tab)
    assert not buttons(tab)["join_files"]
    tab = drawn(tab.checkbox(key="accept_second_rejects").check().run())
    tab = press(tab, "join_files")
    assert "1 row that could not be read was left out." in words(tab)


def test_the_second_file_is_read_otherwise_by_hand_and_the_first_keeps_its_choices(home: Path) -> None:
    tab = upload_both()
    tab = drawn(tab.selectbox(key="target").set_value("outcome").run())
    [second] = [each.id for each in Workspace.open(home).sources.list() if each.name == "bureau.csv"]
    tab = drawn(tab.selectbox(key=f"dialect_delimiter_{second}").set_value(",").run())
    assert tab.multiselect[1].options == ["client;income;limit"]
    assert tab.multiselect[1].value == [] and not tab.metric
    assert tab.selectbox(key="target").value == "outcome"
    tab = drawn(tab.selectbox(key=f"dialect_delimiter_{second}").set_value(";").run())
    assert tab.multiselect[1].value == ["client"]
    assert tab.selectbox(key="target").value == "outcome"


def test_personal_data_of_the_second_file_stay_masked_in_its_first_rows(home: Path) -> None:
    people = "client;e-mail\n" + "".join(f"{row:04};anna{row}@example.com\n" for row in range(200))
    tab = upload_both(people)
    [preview] = [each.value for each in tab.dataframe if list(each.value.columns) == ["client", "e-mail"]]
    assert len(preview) == 5 and preview["client"][3] == "0003"
    assert not preview["e-mail"].str.contains("anna").any()
