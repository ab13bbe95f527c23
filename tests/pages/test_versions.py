"""The Data page: the next version of a dataset, its differences, and the way between versions."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from riskmodel.workspace.workspace import Workspace
from tests.pages.studio import address, buttons, drawn, errors, open_page, press, told, upload_to, words

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


def test_a_newer_file_is_compared_and_becomes_the_next_version(home: Path) -> None:
    tab = upload_version(open_dataset(), HEADER + customers(300, 400, "islands"))
    said = words(tab)
    assert "**june.csv**, compared with **may**" in said and "400 rows · UTF-8, separated by commas" in said
    assert "region**: New category: 'islands' (400). 2 vanished categories: 'north' (200), 'south' (200)." in said
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


def test_cells_that_cannot_be_read_are_missing_only_when_asked(home: Path) -> None:
    text = (HEADER + customers(0, 400)).replace("\n0003,1021,", "\n0003,n/k,")
    tab = upload_version(open_dataset(), text)
    assert "income**: 1 cell is no number as before (first: 'n/k' in row 4)." in words(tab)
    assert not buttons(tab)["save_version"]
    assert "Say first what happens with what cannot be read" in words(tab)
    tab = drawn(tab.checkbox(key="version_as_missing").check().run())
    tab = press(tab, "save_version")
    store = Workspace.open(home)
    newest = store.datasets.load(store.datasets.list()[0].id)
    assert newest.table["income"][3].as_py() is None
    assert newest.schema.markers_of("income")[-1] == "n/k"


def test_columns_that_only_one_file_has_are_said(home: Path) -> None:
    text = "id,income,channel,outcome\n" + customers(0, 400)
    tab = upload_version(open_dataset(), text)
    said = words(tab)
    assert "region**: No longer there." in said and "channel**: Not in the version before." in said
    assert "1 new column ignored until you change the roles. 1 column of the version before left out." in said
    tab = press(tab, "save_version")
    store = Workspace.open(home)
    schema = store.datasets.load(store.datasets.list()[0].id).schema
    assert (schema.names, schema.kind_of("channel")) == (("id", "income", "channel", "outcome"), "ignored")


def test_a_file_without_the_target_or_no_table_is_refused_in_words(home: Path) -> None:
    tab = upload_version(open_dataset(), "id,income\n0001,5\n")
    tab = drawn(tab.button(key="save_version").click().run())
    assert "The file has no column 'outcome', which says who turned bad" in errors(tab)
    tab = press(tab, "drop_version")
    tab = upload_version(tab, "", "empty.csv")
    assert "empty" in errors(tab)
    tab = press(tab, "drop_version")
    assert not tab.error and told(tab, "version_upload")["label"] == "Newer file"


def test_equal_rows_stay_the_version_they_are(home: Path) -> None:
    tab = upload_version(open_dataset(), HEADER + customers(0, 400))
    assert "All columns are as before." in words(tab)
    tab = press(tab, "save_version")
    assert tab.title[0].value == "may"
    assert len(Workspace.open(home).datasets.list()) == 1
