"""The table of columns of a saved dataset: figures, filter, roles of several columns, correlated groups, names."""

from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.components.data.column_table import ColumnFilter, as_frame, make_rows
from riskmodel.tables.checks.finding import Finding
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.profiling.profile import profile_dataset
from riskmodel.tables.profiling.univariate import compute_univariate
from riskmodel.workspace.workspace import Workspace
from tests.pages.studio import address, buttons, drawn, errors, open_page, press, upload_to, words

ROWS = 300


@pytest.fixture
def dataset_id(home: Path, tmp_path: Path) -> str:
    generator = np.random.default_rng(3)
    bad = (generator.random(ROWS) < 0.3).astype(int)
    debt = generator.normal(size=ROWS) + bad
    lines = ["id,debt,twice_debt,region,code,bad"]
    for row in range(ROWS):
        twice = "" if row < 30 else f"{2 * debt[row] + 0.2 * generator.normal():.4f}"
        lines.append(f"{row:03d},{debt[row]:.4f},{twice},{'ABC'[row % 3]},{row % 4},{bad[row]}")
    file = tmp_path / "columns.csv"
    file.write_text("\n".join(lines) + "\n")
    workspace = Workspace.open(home)
    source = workspace.sources.add(file.name, file)
    record = workspace.datasets.add(Dataset.from_file(file, target="bad", identifiers=["id"]), source.id)
    workspace.close()
    return record.id


def table(tab: AppTest) -> dict[str, dict[str, object]]:
    """Rows of the table by column."""
    return {str(row["column"]): row for row in tab.dataframe[0].value.to_dict("records")}


def select(tab: AppTest, *rows: int) -> AppTest:
    tab.session_state["profile_table"] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return drawn(tab.run())


def test_every_column_has_its_figures(home: Path, dataset_id: str) -> None:
    rows = table(open_page("data", dataset=dataset_id))
    assert list(rows) == ["id", "debt", "twice_debt", "region", "code", "bad"]
    strength = compute_univariate(Workspace.open(home).datasets.load(dataset_id)).columns["debt"]
    assert rows["debt"]["auc"] == pytest.approx(strength.auc, abs=1e-4) and strength.auc > 0.6
    assert rows["debt"]["interval"] == f"{strength.auc_low:.3f} – {strength.auc_high:.3f}"
    assert rows["debt"]["iv"] > rows["region"]["iv"]
    assert rows["twice_debt"]["missing"] == 10 and rows["debt"]["missing"] == 0
    assert list(rows["region"]["distribution"]) == [100, 100, 100] and len(rows["region"]["bad_rates"]) == 3
    assert (rows["id"]["kind"], len(rows["id"]["distribution"]), rows["id"]["interval"]) == ("identifier", 0, "")
    assert np.isnan(rows["id"]["iv"]) and np.isnan(rows["bad"]["auc"])


def test_columns_are_filtered_by_name_role_and_finding(home: Path, dataset_id: str) -> None:
    tab = open_page("data", dataset=dataset_id)
    tab = drawn(tab.text_input(key=f"columns_text_{dataset_id}").set_value(" DEBT").run())
    assert list(table(tab)) == ["debt", "twice_debt"]
    assert "2 of 6 columns" in words(tab)
    tab = drawn(tab.text_input(key=f"columns_text_{dataset_id}").set_value("").run())
    tab = drawn(tab.multiselect(key=f"columns_roles_{dataset_id}").set_value(["categorical"]).run())
    assert "region" in table(tab) and "debt" not in table(tab)

    dataset = Workspace.open(home).datasets.load(dataset_id)
    findings = [Finding("outliers", ("debt", "code"), "note", ""), Finding("constant", ("debt",), "warning", "")]
    rows = make_rows(profile_dataset(dataset), compute_univariate(dataset), findings)
    assert as_frame(rows, 0.3)["findings"].tolist() == ["", "Constant columns, Outliers", "", "", "Outliers", ""]
    assert [row.profile.name for row in rows if ColumnFilter(findings=("Outliers",)).keeps(row)] == ["debt", "code"]


def test_roles_of_several_columns_are_set_together_in_a_new_version(home: Path, dataset_id: str) -> None:
    tab = open_page("data", dataset=dataset_id)
    assert not buttons(tab)["set_role"]
    tab = select(tab, 1, 4)
    assert "**2 columns selected**" in words(tab)
    tab = drawn(tab.selectbox(key="columns_role").set_value("Ignored").run())
    tab = press(tab, "set_role")
    new_id = address(tab, "dataset")
    assert not buttons(tab)["set_role"], "the selection ends with the version"
    workspace = Workspace.open(home)
    assert [record.id for record in workspace.datasets.versions(dataset_id)] == [dataset_id, new_id]
    assert workspace.datasets.load(new_id).schema.inputs == ("twice_debt", "region")
    assert workspace.datasets.load(dataset_id).schema.inputs == ("debt", "twice_debt", "region", "code")

    tab = drawn(select(tab, 1, 4).selectbox(key="columns_role").set_value("Input, detected").run())
    tab = press(tab, "set_role")
    assert workspace.datasets.load(address(tab, "dataset")).schema.inputs == ("debt", "twice_debt", "region", "code")
    assert address(tab, "dataset") == dataset_id, "the same rows and roles are the first version"


def test_the_target_and_unreadable_columns_keep_their_roles(home: Path, dataset_id: str) -> None:
    tab = select(open_page("data", dataset=dataset_id), 5)
    tab = press(drawn(tab.selectbox(key="columns_role").set_value("Ignored").run()), "set_role")
    assert "'bad' is the target and keeps its role" in errors(tab)
    tab = select(tab, 3)
    tab = press(drawn(tab.selectbox(key="columns_role").set_value("Numerical").run()), "set_role")
    assert "Column 'region' has 300 values" in errors(tab)
    assert len(Workspace.open(home).datasets.list()) == 1

    tab = select(tab, 0, 4, 5)
    tab = press(drawn(tab.selectbox(key="columns_role").set_value("Ignored").run()), "set_role")
    schema = Workspace.open(home).datasets.load(address(tab, "dataset")).schema
    assert (schema.identifiers, schema.target, schema.kind_of("code")) == ((), "bad", "ignored")


def test_the_selected_column_is_drawn(home: Path, dataset_id: str) -> None:
    tab = open_page("data", dataset=dataset_id)
    assert tab.selectbox(key="profile_column").value in ("debt", "twice_debt"), "the strongest one first"
    tab = drawn(tab.selectbox(key="profile_column").set_value("region").run())
    assert "Categorical, 3 distinct values" in words(tab) and "Information value: " in words(tab)


def test_one_of_each_correlated_group_is_kept(home: Path, dataset_id: str) -> None:
    tab = open_page("data", dataset=dataset_id)
    [group] = [expander for expander in tab.expander if expander.label == "Strongly correlated columns: 1 group"]
    button = tab.button(key="keep_only_0")
    assert button.label == "Keep only debt, exclude 1" and "twice_debt" in group.markdown[0].value.replace("\\", "")
    tab = press(tab, "keep_only_0")
    dataset = Workspace.open(home).datasets.load(address(tab, "dataset"))
    assert dataset.schema.inputs == ("debt", "region", "code")
    assert "keep_only_0" not in buttons(tab)


def test_a_dataset_is_renamed(home: Path, dataset_id: str) -> None:
    tab = open_page("data", dataset=dataset_id)
    drawn(tab.text_input(key=f"new_name_{dataset_id}").set_value("Loans of May").run())
    tab = press(tab, "save_name")
    assert tab.title[0].value == "Loans of May"
    assert Workspace.open(home).datasets.get(dataset_id).name == "Loans of May"
    tab.text_input(key=f"new_name_{dataset_id}").set_value(" ")
    assert "A dataset needs a name" in errors(press(tab, "save_name"))


DATED = "id,opened,sum_1,sum_2,note,bad\n" + "".join(
    f"{row:03d},{row % 28 + 1:02d}.{row % 12 + 1:02d}.20{row % 20:02d},{row * 7 % 91},{row * 11 % 89},{'xyz'[row % 3]},"
    f"{row % 3 // 2}\n"
    for row in range(90)
)


def upload(content: str) -> AppTest:
    return upload_to(open_page("data"), "upload", "dated.csv", content.encode())


def test_formats_are_in_a_drawer_in_everyday_notation(home: Path) -> None:
    tab = upload(DATED)
    [drawer] = [box for box in tab.expander if box.label == "Formats and missing-value markers"]
    [formats] = [frame.value for frame in tab.dataframe if "date_format" in frame.value.columns]
    assert dict(zip(formats["column"], formats["date_format"], strict=True))["opened"] == "DD.MM.YYYY"
    assert drawer.multiselect(key="missing_markers").label == "Missing-value markers"
    [roles] = [frame.value for frame in tab.dataframe if "why" in frame.value.columns]
    assert list(roles.columns) == ["column", "role", "examples", "why"]
    assert "written as DD.MM.YYYY" in roles["why"][1]

    key = f"roles_{address(tab, 'source')}_bad_formats"
    edits = {1: {"date_format": "MM.DD.YYYY"}}
    tab.session_state[key] = {"edited_rows": edits, "added_rows": [], "deleted_rows": []}
    tab = press(drawn(tab.run()), "save_dataset")
    assert "is not a date written as MM.DD.YYYY" in errors(tab) or "not dates written as MM.DD.YYYY" in errors(tab)
    tab.session_state[key] = {"edited_rows": {}, "added_rows": [], "deleted_rows": []}
    press(drawn(tab.run()), "save_dataset")
    workspace = Workspace.open(home)
    dataset = workspace.datasets.load(workspace.datasets.list()[0].id)
    assert dataset.schema.column("opened").date_format == "%d.%m.%Y"


def test_a_role_is_set_for_all_columns_with_a_part_of_the_name(home: Path) -> None:
    tab = upload(DATED)
    tab = drawn(tab.text_input(key="bulk_part").set_value("SUM_").run())
    assert tab.button(key="bulk_set").label == "Make 2 columns ignored"
    tab = press(tab, "bulk_set")
    assert "ignored: sum_1 and sum_2" in words(tab)
    tab = drawn(tab.selectbox(key="bulk_before").set_value("ignored").run())
    tab = drawn(tab.selectbox(key="bulk_role").set_value("numerical").run())
    tab = press(press(tab, "bulk_set"), "save_dataset")
    dataset = Workspace.open(home).datasets.load(address(tab, "dataset"))
    assert dataset.schema.numerical == ("sum_1", "sum_2")


def count_widgets(tab: AppTest) -> int:
    kinds = (tab.button, tab.selectbox, tab.multiselect, tab.text_input, tab.checkbox, tab.toggle, tab.dataframe)
    return sum(len(widgets) for widgets in kinds)


def test_the_number_of_widgets_does_not_depend_on_the_number_of_columns(home: Path, tmp_path: Path) -> None:
    generator = np.random.default_rng(5)
    workspace = Workspace.open(home)
    counts = []
    for num_columns in (5, 200):
        values = generator.normal(size=(120, num_columns))
        lines = [",".join([*(f"x{place}" for place in range(num_columns)), "bad"])]
        lines += [",".join([*(f"{value:.3f}" for value in row), str(place % 2)]) for place, row in enumerate(values)]
        file = tmp_path / f"columns_{num_columns}.csv"
        file.write_text("\n".join(lines) + "\n")
        source = workspace.sources.add(file.name, file)
        record = workspace.datasets.add(Dataset.from_file(file, target="bad"), source.id)
        tab = open_page("data", dataset=record.id)
        assert len(table(tab)) == num_columns + 1
        counts.append(count_widgets(tab))
    assert counts[0] == counts[1]
