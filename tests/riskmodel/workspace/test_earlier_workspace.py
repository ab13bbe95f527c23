"""A workspace written by an earlier version opens with everything in it, and its runs can be continued.

Each archive of ``earlier_workspaces`` is the folder of a workspace that the version of its date wrote: two versions of
a dataset of synthetic customers, runs in several states, a search and a scored file. The JSON file holds what that
version read from it.
"""

import json
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.workspace.runs.predictions import read_stored_predictions
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.workspace import Workspace
from tests.training_here import train_waiting

FOLDER = Path(__file__).parent / "earlier_workspaces"


@pytest.fixture(params=sorted(path.stem for path in FOLDER.glob("*.zip")))
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def expected(version: str) -> dict[str, Any]:
    return dict(json.loads((FOLDER / f"{version}.json").read_text(encoding="utf-8")))


@pytest.fixture
def workspace(version: str, tmp_path: Path) -> Iterator[Workspace]:
    with zipfile.ZipFile(FOLDER / f"{version}.zip") as archive:
        archive.extractall(tmp_path / "earlier")
    with closing(Workspace.open(tmp_path / "earlier" / "workspace")) as opened:
        yield opened


def all_runs(workspace: Workspace) -> dict[str, RunRecord]:
    return {run.name: run for run in (*workspace.runs.list(), *workspace.runs.list(archived=True))}


def new_customers(workspace: Workspace) -> Path:
    [path] = (source.path for source in workspace.sources.list() if source.name == "new_customers.csv")
    return path


def test_runs_have_their_states_notes_curves_and_scores(workspace: Workspace, expected: dict[str, Any]) -> None:
    runs = all_runs(workspace)
    frame = pd.read_csv(new_customers(workspace), dtype=str, keep_default_na=False)
    assert set(runs) == set(expected["runs"]) == {"mission", "logistic", "two folds", "waiting", "discarded"}
    for name, stored in expected["runs"].items():
        run = runs[name]
        read = (run.id, run.state, run.best_epoch, list(run.tags), run.archived, run.remarks)
        assert read == tuple(stored[key] for key in ("id", "state", "best_epoch", "tags", "archived", "notes")), name
        epochs = [[epoch.epoch, epoch.train_loss, epoch.validation_loss] for epoch in workspace.runs.epochs(run.id)]
        assert epochs == stored["history"], name
        assert run.metrics.get("test", {}).get("auc") == stored["test_auc"]
        if stored["probabilities"] is not None:
            probabilities = np.array([float.fromhex(text) for text in stored["probabilities"]])
            found = RiskModel.load(run.model_folder).predict_probability(frame)
            np.testing.assert_allclose(found, probabilities, rtol=1e-6, atol=0, err_msg=name)
            assert read_stored_predictions(run).num_rows == 400


def test_datasets_the_search_and_scored_files_are_there(workspace: Workspace, expected: dict[str, Any]) -> None:
    newer, older = sorted(workspace.datasets.list(), key=lambda dataset: -dataset.num_rows)
    assert (older.num_rows, newer.num_rows, newer.version_of) == (400, 440, older.id)
    dataset = workspace.datasets.load(older.id)
    assert dataset.table.num_rows == 400 and dataset.schema.target == "defaulted"
    [search] = workspace.searches.list()
    assert (search.id, search.state) == (expected["search"]["id"], "finished")
    assert [trial.loss for trial in workspace.searches.trials(search.id)] == expected["search"]["losses"]
    [scoring] = workspace.scorings.list()
    assert scoring.report.num_scored == 40
    assert pq.read_table(scoring.parquet_path)["probability"].to_numpy() == pytest.approx(
        [float.fromhex(text) for text in expected["runs"]["mission"]["probabilities"]], rel=1e-6
    )


def test_waiting_runs_train_a_run_is_continued_and_a_file_is_scored_again(
    workspace: Workspace, expected: dict[str, Any]
) -> None:
    continued = workspace.runs.continue_run(expected["runs"]["mission"]["id"], epochs=1)
    train_waiting(workspace)
    runs = all_runs(workspace)
    assert {runs[name].state for name in ("waiting", continued.name)} == {"finished"}
    assert [epoch.epoch for epoch in workspace.runs.epochs(continued.id)] == [1, 2, 3]
    model = RiskModel.load(runs["mission"].model_folder)
    [source] = (source for source in workspace.sources.list() if source.name == "new_customers.csv")
    before, again = workspace.scorings.list()[0], workspace.scorings.score(model, runs["mission"].id, source)
    assert list(again.report.band_bad_rates) == [band for band, rows in again.report.band_counts.items() if rows]
    assert replace(again.report, seconds=0, band_bad_rates={}) == replace(before.report, seconds=0)
