"""The Evaluate page: metrics of validation and test set."""

import io
import zipfile
from pathlib import Path

import pytest

from pages.components.run.bundle_file import zip_folder
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.workspace.workspace import Workspace
from tests.pages.conftest import Trained
from tests.pages.studio import address, buttons, drawn, errors, open_page, press, words


def test_without_a_model_the_page_links_to_training(home: Path) -> None:
    tab = open_page("evaluate")
    assert "No trained network yet" in words(tab)
    assert buttons(tab) == {"go_train": True}


def test_metrics_are_those_of_the_run_by_part(trained: Trained) -> None:
    metrics = Workspace.open(trained.home).runs.get(trained.run_id).metrics
    tab = open_page("evaluate", run=trained.run_id)
    for part in ("validation", "test"):
        if part == "test":
            tab.session_state["part"] = "Test"
            tab = drawn(tab.run())
        figures = {metric.label: metric.value for metric in tab.metric}
        assert figures[f"{part.capitalize()} AUC"] == f"{metrics[part]['auc']:.4f}"
        assert figures["KS"] == f"{metrics[part]['ks']:.4f}"
        assert figures["Brier"] == f"{metrics[part]['brier']:.4f}"
        assert figures["Customers"] == "160"
        bands = tab.dataframe[-1].value
        assert bands["count"].sum() == 160
        assert bands["bads"].sum() == metrics[part]["num_bads"]


def test_the_header_names_the_dataset_the_run_and_both_figures(trained: Trained) -> None:
    metrics = Workspace.open(trained.home).runs.get(trained.run_id).metrics
    validation, test = (f"{metrics[part]['auc']:.4f}" for part in ("validation", "test"))
    expected = f"customers.csv › **First network** :green-badge[finished] · validation AUC **{validation}** · test AUC"
    assert f"{expected} **{test}**" in words(open_page("evaluate", run=trained.run_id))


def test_the_url_has_the_open_tab(trained: Trained) -> None:
    tab = open_page("evaluate", run=trained.run_id, tab="Test")
    assert "Not used for training, selection or calibration." in words(tab)
    tab.session_state["part"] = "Validation"
    assert "used to select and calibrate" in words(drawn(tab.run())), "the tab is changed on the page"
    assert "used to select and calibrate" in words(open_page("evaluate", run=trained.run_id, tab="Nothing"))


@pytest.mark.parametrize(
    ("page", "thing", "shown"),
    [("evaluate", "run", "First network"), ("train", "run", "First network"), ("train", "dataset", "")],
)
def test_an_unknown_id_in_the_url_is_reported(trained: Trained, page: str, thing: str, shown: str) -> None:
    tab = open_page(page, **{thing: "none*such"})
    assert f"There is no {thing} 'none*such' in this workspace. **{shown}" in words(tab)
    assert "There is no" in words(drawn(tab.run())), "it stays while the other one is shown"
    assert "There is no" not in words(open_page(page, **{thing: address(tab, thing)}))


def test_the_page_links_to_scoring_with_the_same_run(trained: Trained) -> None:
    tab = open_page("evaluate", run=trained.run_id)
    assert buttons(tab)["bundle_download"] and buttons(tab)["predictions_download_csv"]
    tab = press(tab, "to_score")
    assert tab.title[0].value == "Score customers"
    assert address(tab, "run") == trained.run_id


def test_the_downloaded_model_can_be_loaded(trained: Trained, tmp_path: Path) -> None:
    folder = Workspace.open(trained.home).runs.get(trained.run_id).model_folder
    assert folder is not None
    with zipfile.ZipFile(io.BytesIO(zip_folder(folder))) as archive:
        archive.extractall(tmp_path)
    assert RiskModel.load(tmp_path / folder.name).columns


def test_damaged_predictions_are_reported_and_cannot_be_downloaded(trained: Trained) -> None:
    path = Workspace.open(trained.home).runs.get(trained.run_id).predictions_path
    assert path is not None
    path.write_bytes(path.read_bytes()[:-40])
    tab = open_page("evaluate", run=trained.run_id)
    assert "The predictions cannot be downloaded. The predictions of run" in errors(tab)
    assert "Restore the file from a backup, or train the run again." in errors(tab)
    assert not buttons(tab)["predictions_download_csv"] and buttons(tab)["bundle_download"]


def test_an_altered_model_is_rejected_with_a_message(trained: Trained) -> None:
    folder = Workspace.open(trained.home).runs.get(trained.run_id).model_folder
    assert folder is not None
    with (folder / "network.onnx").open("ab") as network:
        network.write(b"more")
    tab = open_page("evaluate", run=trained.run_id)
    assert "network.onnx" in errors(tab)


def test_an_unknown_run_in_the_url_shows_the_newest(trained: Trained) -> None:
    for unknown in ("run-0000000000", "../../etc/passwd"):
        tab = open_page("evaluate", run=unknown)
        assert address(tab, "run") == trained.run_id
