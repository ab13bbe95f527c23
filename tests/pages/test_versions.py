"""The Data page: versions of a dataset and their differences."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from riskmodel.workspace.workspace import Workspace
from tests.pages.studio import address, buttons, component_data, drawn, errors, open_page, press, upload_to, words

HEADER = "id,income,region,outcome\n"


def customers(first: int, number: int, region: str = "") -> str:
    return "".join(
        f"{row:04},{1000 + 7 * row % 700},{region or ('north', 'south')[row % 2]},{int(row % 4 == 0)}\n"
        for row in range(first, first + number)
    )


def open_dataset() -> AppTest:
    tab = open_page("data")
    tab = upload_to(tab, "upload", "may.csv", (HEADER + customers(0, 400)).encode())
    return press(tab, "save_dataset")


def upload_version(tab: AppTest, text: str, name: str = "june.csv") -> AppTest:
    return upload_to(tab, "version_upload", name, text.encode())


def test_a_newer_file_is_compared_and_saved_as_the_next_version(home: Path) -> None:
    tab = upload_version(open_dataset(), HEADER + customers(300, 400, "islands"))
    message = words(tab)
    assert "**june.csv**, compared with **may**" in message and "400 rows · UTF-8, separated by commas" in message
    assert "region**: New category: 'islands' (400). 2 vanished categories: 'north' (200), 'south' (200)." in message
    figures = {metric.label: (metric.value, metric.delta) for metric in tab.metric}
    assert figures["Also in may"] == ("100", "of 400 customers")
    assert len(Workspace.open(home).datasets.list()) == 1

    tab = press(tab, "save_version")
    assert tab.title[0].value == "may · v2"
    store = Workspace.open(home)
    newest, oldest = store.datasets.list()
    assert (newest.version, newest.version_of, newest.num_rows) == (2, oldest.id, 400)
    assert store.sources.get(str(newest.source_id)).name == "june.csv"
    assert store.datasets.load(newest.id).schema.columns == store.datasets.load(oldest.id).schema.columns

    tab = drawn(tab.selectbox(key=f"compare_with_{newest.id}").set_value(oldest.id).run())
    assert "From v1 to v2" in words(tab)
    assert tab.dataframe[0].value["column"][0] == "region"

    tab = drawn(tab.segmented_control(key="version_strip").set_value(oldest.id).run())
    assert (tab.title[0].value, address(tab, "dataset")) == ("may", oldest.id)
    listed = open_page("data").selectbox(key="dataset_list").options
    assert listed[0].startswith("may · v2 · 400 rows")


def test_unreadable_cells_are_missing_only_with_consent(home: Path) -> None:
    text = (HEADER + customers(0, 400)).replace("\n0003,1021,", "\n0003,n/k,")
    tab = upload_version(open_dataset(), text)
    assert "income**: 1 cell is no number as before (first: 'n/k' in row 4)." in words(tab)
    assert not buttons(tab)["save_version"]
    assert "Decide what to do with unreadable rows and cells" in words(tab)
    tab = drawn(tab.checkbox(key="version_as_missing").check().run())
    tab = press(tab, "save_version")
    store = Workspace.open(home)
    newest = store.datasets.load(store.datasets.list()[0].id)
    assert newest.table["income"][3].as_py() is None
    assert newest.schema.markers_of("income")[-1] == "n/k"


def test_added_and_missing_columns_are_reported(home: Path) -> None:
    text = "id,income,channel,outcome\n" + customers(0, 400)
    tab = upload_version(open_dataset(), text)
    message = words(tab)
    assert "region**: No longer there." in message and "channel**: Not in the previous version." in message
    assert "1 new column ignored until you change the roles. 1 column of the previous version missing." in message
    tab = press(tab, "save_version")
    store = Workspace.open(home)
    schema = store.datasets.load(store.datasets.list()[0].id).schema
    assert (schema.names, schema.kind_of("channel")) == (("id", "income", "channel", "outcome"), "ignored")


def test_a_file_without_target_or_table_is_rejected_with_a_message(home: Path) -> None:
    tab = upload_version(open_dataset(), "id,income\n0001,5\n")
    tab = drawn(tab.button(key="save_version").click().run())
    assert "The file has no column 'outcome', which holds the outcome" in errors(tab)
    tab = press(tab, "drop_version")
    tab = upload_version(tab, "", "empty.csv")
    assert "empty" in errors(tab)
    tab = press(tab, "drop_version")
    assert not tab.error and component_data(tab, "version_upload")["label"] == "Newer file"


def test_equal_rows_make_no_new_version(home: Path) -> None:
    tab = upload_version(open_dataset(), HEADER + customers(0, 400))
    assert "All columns are unchanged." in words(tab)
    tab = press(tab, "save_version")
    assert tab.title[0].value == "may"
    assert len(Workspace.open(home).datasets.list()) == 1
