"""The Runs page: everything that was trained."""

from pathlib import Path

from riskmodel.config.run import RunConfig
from riskmodel.workspace.workspace import Workspace
from tests.pages.conftest import Trained
from tests.pages.studio import address, buttons, drawn, errors, open_page, press, words


def test_without_a_run_the_page_leads_to_training(home: Path) -> None:
    tab = open_page("runs")
    assert "No runs yet" in words(tab)
    assert buttons(tab) == {"go_train": True}


def test_a_run_stands_with_its_figures_and_opens(trained: Trained) -> None:
    tab = open_page("runs")
    [row] = tab.dataframe[0].value.to_dict("records")
    metrics = Workspace.open(trained.home).runs.get(trained.run_id).metrics
    assert (row["name"], row["state"], row["id"]) == ("First network", "finished", trained.run_id)
    assert row["auc"] == metrics["test"]["auc"]
    tab = press(tab, "open_evaluate")
    assert tab.title[0].value == "Evaluate"
    assert address(tab, "run") == trained.run_id


def test_a_failed_run_says_why_and_offers_no_model(trained: Trained) -> None:
    workspace = Workspace.open(trained.home)
    failed = workspace.runs.submit(trained.dataset_id, RunConfig(), name="Unlucky")
    claimed = workspace.runs.claim("test")
    assert claimed is not None and claimed.id == failed.id
    workspace.runs.fail(failed.id, "The trainer was ended by signal 9 (SIGKILL).")

    tab = open_page("runs")
    tab = drawn(tab.selectbox(key="chosen_run").set_value(failed.id).run())
    assert "The trainer was ended by signal 9 (SIGKILL)." in errors(tab)
    assert set(buttons(tab)) == {"open_train"}
    tab = press(tab, "open_train")
    assert "failed" in words(tab) and "signal 9" in errors(tab)
