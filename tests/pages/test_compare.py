"""The Compare page: runs on the same test set, and swap-set analysis."""

import csv
import io
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pages.components.comparison.impact import swap_list
from pages.components.comparison.moved import identify
from pages.components.comparison.picker import ComparedRuns
from riskmodel.config.run import RunConfig
from riskmodel.evaluation.delong import compare_auc
from riskmodel.evaluation.impact import compute_impact
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.sample import write_sample
from riskmodel.tables.schema.schema import Column, Schema
from riskmodel.workspace.runs.run_record import MODEL_FOLDER, PREDICTIONS_FILE, RunRecord
from riskmodel.workspace.workspace import Workspace
from tests.pages.conftest import CONFIG, Trained
from tests.pages.studio import address, buttons, drawn, errors, open_page, press, words

LONGER = CONFIG.model_copy(update={"training": CONFIG.training.model_copy(update={"epochs": 3})})


def add_run(trained: Trained, name: str, config: RunConfig = LONGER, dataset_id: str = "", noise: float = 1.0) -> str:
    """Add a run with the model of the first and randomly perturbed predictions."""
    workspace = Workspace.open(trained.home)
    first = workspace.runs.get(trained.run_id)
    run = workspace.runs.submit(dataset_id or trained.dataset_id, config, name=name, device="cpu")
    workspace.execution.runs.claim("test")
    shutil.copytree(first.folder / MODEL_FOLDER, run.folder / MODEL_FOLDER)
    table = pq.read_table(first.folder / PREDICTIONS_FILE)
    p = table["probability"].to_numpy()
    log_odds = np.log(p / (1 - p)) + noise * np.random.default_rng(0).normal(size=len(p))
    moved = table.set_column(3, "probability", pa.array(1 / (1 + np.exp(-log_odds))))
    pq.write_table(moved, run.folder / PREDICTIONS_FILE)
    workspace.execution.runs.finish(run.id, stopped=False, best_epoch=1, metrics=first.metrics)
    return run.id


def predictions_on_test(trained: Trained, *run_ids: str) -> tuple[np.ndarray, ...]:
    tables = [pq.read_table(Workspace.open(trained.home).runs.get(each).folder / PREDICTIONS_FILE) for each in run_ids]
    rows = [table.filter(pa.compute.equal(table["part"], "test")).sort_by("row") for table in tables]
    return rows[0]["bad"].to_numpy(), *(row["probability"].to_numpy() for row in rows)


def test_without_two_models_the_page_links_to_training(home: Path) -> None:
    tab = open_page("compare")
    assert "Nothing to compare yet" in words(tab) and buttons(tab) == {"go_train": True}


def test_with_one_model_the_page_shows_the_next_step(trained: Trained) -> None:
    tab = open_page("compare")
    assert "There is one run with a model." in words(tab)
    assert address(press(tab, "go_train"), "run") in ("", trained.run_id)


def test_the_headline_is_the_delong_test_on_the_test_set(trained: Trained) -> None:
    other = add_run(trained, "Noisy")
    bad, champion, challenger = predictions_on_test(trained, trained.run_id, other)
    expected = compare_auc(bad, champion, challenger)
    tab = open_page("compare", run=trained.run_id, **{"with": other})
    message = words(tab)
    assert f"AUC {expected.challenger:.4f} against {expected.champion:.4f}" in message
    assert "The same test customers of all runs: 160 customers" in message
    figures = tab.dataframe[0].value.set_index("Test set")
    assert figures.loc["AUC", "Difference"] == pytest.approx(expected.difference)
    assert figures.loc["AUC", "95% interval, low"] == pytest.approx(expected.low)
    assert (address(tab, "run"), address(tab, "with")) == (trained.run_id, other)


def test_the_newest_run_is_the_challenger_and_roles_can_be_swapped(trained: Trained) -> None:
    other = add_run(trained, "Noisy")
    tab = open_page("compare")
    assert (address(tab, "run"), address(tab, "with")) == (trained.run_id, other)
    tab = press(tab, "swap_roles")
    assert (address(tab, "run"), address(tab, "with")) == (other, trained.run_id)
    assert "Champion: Noisy" in tab.dataframe[0].value.columns


def open_tab(trained: Trained, other: str, name: str):  # type: ignore[no-untyped-def]
    tab = open_page("compare", run=trained.run_id, **{"with": other})
    tab.session_state["comparison_tab"] = name
    return drawn(tab.run())


def test_the_slider_updates_the_swap_set(trained: Trained) -> None:
    other = add_run(trained, "Noisy")
    bad, champion, challenger = predictions_on_test(trained, trained.run_id, other)
    tab = open_tab(trained, other, "Approvals")
    for percent in (70, 40):
        tab = drawn(tab.slider(key="approval").set_value(percent).run())
        expected = compute_impact(bad, champion, challenger, percent / 100)
        groups = tab.dataframe[1].value.set_index("Group")
        assert groups.loc["Swap in", "Customers"] == expected.swap_in.count == groups.loc["Swap out", "Customers"]
        assert groups.loc["Swap in", "Bad"] == expected.swap_in.bads
        shown = {metric.label: metric.value for metric in tab.metric}
        assert shown["Approval at equal bad rate"] == f"{expected.approval_at_equal_bad_rate.value:.1%}"
    assert buttons(tab)["download_swaps"]


def test_the_swap_list_contains_all_swapped_customers(trained: Trained) -> None:
    other = add_run(trained, "Noisy")
    open_page("compare")  # opens the workspace of the pages
    workspace = Workspace.open(trained.home)
    runs = [workspace.runs.get(each) for each in (trained.run_id, other)]
    bad, champion, challenger = predictions_on_test(trained, trained.run_id, other)
    found = compute_impact(bad, champion, challenger, 0.7, num_resamples=5)
    rows = list(csv.DictReader(io.StringIO(swap_list(compared(*runs), found).decode())))
    assert [row["swap"] for row in rows] == ["in"] * found.swap_in.count + ["out"] * found.swap_out.count
    assert sum(int(row["bad"]) for row in rows) == found.swap_in.bads + found.swap_out.bads
    dataset = workspace.datasets.load(trained.dataset_id)
    for row in rows:
        place = int(row["row"]) - 1
        assert row["customer_id"] == dataset.table["customer_id"][place].as_py()
        assert (float(row["probability_challenger"]) <= found.challenger_cutoff) == (row["swap"] == "in")


def compared(champion: RunRecord, challenger: RunRecord) -> ComparedRuns:
    return ComparedRuns(champion, (challenger,), challenger)


def test_score_changes_are_listed_with_reasons(trained: Trained) -> None:
    other = add_run(trained, "Noisy")
    tab = open_tab(trained, other, "Score changes")
    frame = tab.dataframe[1].value
    assert len(frame) == 20 and frame["Change"].abs().is_monotonic_decreasing
    assert (frame["Challenger score"] - frame["Champion score"]).tolist() == frame["Change"].tolist()
    # Both runs have the same model here, so no column changed what it adds.
    assert set(frame["Reasons"]) == {""}
    second = drawn(tab.number_input(key="moved_page_All").set_value(2).run()).dataframe[1].value
    assert not set(second["Row"]) & set(frame["Row"])
    assert second["Change"].abs().max() <= frame["Change"].abs().min()


def test_only_differing_hyperparameters_are_shown(trained: Trained) -> None:
    tab = open_tab(trained, add_run(trained, "Longer"), "Configuration")
    rows = tab.dataframe[1].value
    assert rows[["Section", "Hyperparameter"]].values.tolist() == [["Training", "Epochs"]]
    assert rows[["First network", "Longer"]].values.tolist() == [["2", "3"]]


def test_runs_without_a_common_test_set_compare_configurations_only(trained: Trained, tmp_path: Path) -> None:
    path = tmp_path / "others.csv"
    write_sample(path, 800, seed=12)
    workspace = Workspace.open(trained.home)
    source = workspace.sources.add(path.name, path)
    others = workspace.datasets.add(Dataset.from_file(path, target="defaulted", bad="1"), source.id)
    tab = open_page("compare", run=trained.run_id, **{"with": add_run(trained, "Other", dataset_id=others.id)})
    assert "they have no common test customers" in errors(tab)
    assert "Configuration differences" in words(tab) and "others.csv" in words(tab)


def test_runs_with_the_same_name_are_distinguished_by_id(trained: Trained) -> None:
    others = [add_run(trained, "First network", noise=noise) for noise in (0.5, 2.0)]
    tab = open_page("compare", run=trained.run_id, **{"with": ",".join(others)})
    labels = [name for name in tab.dataframe[0].value.columns if name.startswith("Ch")]
    assert labels == [
        f"Champion: First network ({trained.run_id[4:8]})",
        f"Challenger: First network ({others[0][4:8]})",
    ]
    assert "The same test customers of all runs" in words(tab)


def test_unknown_runs_in_the_url_are_ignored(trained: Trained) -> None:
    other = add_run(trained, "Noisy")
    tab = open_page("compare", run=trained.run_id, **{"with": "run-0000000000,../../etc/passwd"})
    assert address(tab, "with") == other
    assert "There is no run 'run-0000000000' in this workspace. **Noisy** is shown." in words(tab)


def test_personal_identifiers_are_masked() -> None:
    schema = Schema(
        columns=(
            Column(name="mail", kind="identifier", personal="e-mail address"),
            Column(name="no", kind="identifier"),
        )
    )
    table = pa.table({"mail": ["jane@example.org", "joe@example.org"], "no": ["007", "008"]})
    dataset = Dataset(table, schema, "people")
    assert identify(dataset, np.array([1]), {"mail"}).values.tolist() == [[2, "j•••@•••", "008"]]
    assert identify(dataset, np.array([1]), set()).values.tolist() == [[2, "joe@example.org", "008"]]


def test_an_emptied_list_of_challengers_stays_empty_with_a_message(trained: Trained) -> None:
    add_run(trained, "Noisy")
    tab = drawn(open_page("compare").multiselect(key="compare_with").set_value([]).run())
    assert tab.multiselect(key="compare_with").value == []
    assert "Choose at least one challenger" in words(tab)
