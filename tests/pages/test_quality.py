"""The quality of a dataset on the Data page."""

from pathlib import Path

import pytest

from riskmodel.tables.dataset import Dataset
from riskmodel.workspace.workspace import Workspace
from tests.pages.conftest import Trained
from tests.pages.studio import address, buttons, drawn, open_page, press, words

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
    assert tab.multiselect(key=f"leave_out_{dataset_id}").value == ["final_status"]

    tab = press(tab, "leave_out")
    new_id = address(tab, "dataset")
    assert new_id != dataset_id
    assert "No leaks and no warnings." in words(tab)
    assert "leave_out" not in buttons(tab)
    new = Workspace.open(home).datasets.load(new_id)
    assert new.schema.kind_of("final_status") == "ignored" and new.schema.inputs == ("income",)
    assert set(new.table["final_status"].to_pylist()) == {"<b>lost*", "fine"}
    assert new.num_rows == ROWS and (new.bad() == 1).sum() == ROWS // 4


def test_only_chosen_columns_are_excluded(home: Path, dataset_id: str) -> None:
    tab = open_page("data", dataset=dataset_id)
    tab = drawn(tab.multiselect(key=f"leave_out_{dataset_id}").set_value([]).run())
    assert not buttons(tab)["leave_out"]
    assert len(Workspace.open(home).datasets.list()) == 1


def test_without_a_file_columns_cannot_be_excluded(home: Path, dataset_id: str) -> None:
    workspace = Workspace.open(home)
    made = Dataset.from_file(workspace.sources.get(str(workspace.datasets.get(dataset_id).source_id)).path,
                             target="defaulted", identifiers=["id", "income"])  # fmt: skip
    tab = open_page("data", dataset=workspace.datasets.add(made).id)
    assert "mark columns as ignored where it is created" in words(tab)
    assert "leave_out" not in buttons(tab)


def test_the_bad_rate_over_time_is_drawn_with_a_date_column(trained: Trained) -> None:
    tab = open_page("data", dataset=trained.dataset_id)
    assert "No leaks and no warnings." in words(tab)
    assert {chart.key for chart in tab.get("bidi_component")} >= {"bad_rates_chart", "profile_chart"}
