"""The quality of a dataset on the Data page."""

from pathlib import Path

import pytest

from riskmodel.tables.dataset import Dataset
from riskmodel.workspace.workspace import Workspace
from tests.pages.conftest import Trained
from tests.pages.studio import address, buttons, open_page, press, words

ROWS = 240


def leaky(row: int) -> str:
    """A status that recodes the target, and an amount in mixed formats, hence ignored, that only bad customers have."""
    bad = row % 4 == 0
    lost = f'"${100 + row:,}.00"' if bad else "€0.00"
    return f"{row:04d},{1000 + row * 37 % 997},{'<b>lost*' if bad else 'fine'},{lost},{int(bad)}"


@pytest.fixture
def dataset_id(home: Path, tmp_path: Path) -> str:
    file = tmp_path / "leaky.csv"
    file.write_text("\n".join(["id,income,final_status,lost,defaulted", *map(leaky, range(ROWS))]) + "\n")
    workspace = Workspace.open(home)
    source = workspace.sources.add(file.name, file)
    dataset = Dataset.from_file(file, target="defaulted", identifiers=["id"])
    record = workspace.datasets.add(dataset, source.id)
    workspace.close()
    return record.id


def test_a_leak_is_reported_and_excluded_with_one_button(home: Path, dataset_id: str) -> None:
    tab = open_page("data", dataset=dataset_id)
    assert "1 leak" in words(tab)
    assert "final_status** duplicates the target: '<b>lost*' means bad and 'fine' good" in words(tab)
    [notes] = [expander for expander in tab.expander if expander.label == "1 note"]
    assert "The column is already ignored." in notes.markdown[0].value
    assert "**Leakage: 1 column**" in words(tab) and "Constant columns: none" in words(tab)
    assert tab.button(key="next_step").label == "Exclude 1 column" and buttons(tab)["to_train"]

    tab = press(tab, "next_step")
    new_id = address(tab, "dataset")
    assert new_id != dataset_id
    assert "No leaks and no warnings." in words(tab)
    assert "next_step" not in buttons(tab), "the primary button is Train"
    assert "1 column excluded in version 2. Version 1 is unchanged." in words(tab)
    workspace = Workspace.open(home)
    new = workspace.datasets.load(new_id)
    assert new.schema.kind_of("final_status") == "ignored" and new.schema.inputs == ("income",)
    assert set(new.table["final_status"].to_pylist()) == {"<b>lost*", "fine"}
    assert new.num_rows == ROWS and (new.bad() == 1).sum() == ROWS // 4
    assert [record.id for record in workspace.datasets.versions(new_id)] == [dataset_id, new_id]
    assert workspace.datasets.load(dataset_id).schema.kind_of("final_status") == "categorical"

    tab = press(tab, "open_before")
    assert address(tab, "dataset") == dataset_id and "is unchanged" not in words(tab)


def test_without_a_file_columns_cannot_be_excluded(home: Path, dataset_id: str) -> None:
    workspace = Workspace.open(home)
    made = Dataset.from_file(workspace.sources.get(str(workspace.datasets.get(dataset_id).source_id)).path,
                             target="defaulted", identifiers=["id", "income"])  # fmt: skip
    tab = open_page("data", dataset=workspace.datasets.add(made).id)
    assert not buttons(tab)["next_step"]
    assert "no uploaded file" in tab.button(key="next_step").help


def many_columns(row: int) -> str:
    """Twelve numbers that differ by row; the last five rows repeat the first five with other identifiers."""
    first = row % (ROWS - 5)
    cells = [str((first * (3 + place) * 7919) % 1009) for place in range(12)]
    return ",".join([f"{row:04d}", *cells, str(int(first % 5 == 0))])


def test_duplicates_are_removed_in_a_version_with_a_file_of_its_own(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "twice.csv"
    header = ",".join(["id", *(f"x{place}" for place in range(12)), "bad"])
    file.write_text("\n".join([header, *map(many_columns, range(ROWS))]) + "\n")
    workspace = Workspace.open(home)
    source = workspace.sources.add(file.name, file)
    record = workspace.datasets.add(Dataset.from_file(file, target="bad", identifiers=["id"]), source.id)
    tab = open_page("data", dataset=record.id)
    assert "**Duplicate rows: 5 rows**" in words(tab)
    assert tab.button(key="next_step").label == "Remove 5 duplicates"
    tab = press(tab, "next_step")
    [_, second] = workspace.datasets.versions(record.id)
    assert address(tab, "dataset") == second.id and second.num_rows == ROWS - 5
    assert "twice.csv without 5 duplicates." in words(tab)
    assert "Duplicate rows: none" in words(tab)
    kept = workspace.datasets.load(second.id)
    assert kept.table["id"].to_pylist() == [f"{row:04d}" for row in range(ROWS - 5)]

    tab = press(tab, "change_roles")  # the file of the version has the remaining rows
    assert f"{ROWS - 5} rows" in words(tab)


def test_a_split_by_date_is_proposed_once(trained: Trained) -> None:
    tab = open_page("data", dataset=trained.dataset_id)
    assert tab.button(key="next_step").label == "Split by application_date".replace("_", r"\_")
    tab = tab.button(key="next_step").click().run()
    kept = Workspace.open(trained.home).drafts.get(trained.dataset_id)
    assert kept is not None
    assert (kept.config.split.method, kept.config.split.date_column) == ("date", "application_date")
    assert "next_step" not in buttons(open_page("data", dataset=trained.dataset_id))


def test_the_bad_rate_over_time_is_drawn_with_a_date_column(trained: Trained) -> None:
    tab = open_page("data", dataset=trained.dataset_id)
    assert "No leaks and no warnings." in words(tab)
    assert {chart.key for chart in tab.get("bidi_component")} >= {"bad_rates_chart", "profile_chart"}
