"""Predictions with identifiers, compared with hand-worked scores."""

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from riskmodel.errors import WorkspaceError
from riskmodel.scoring.scale import ScoreScale
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.schema import Column, Schema
from riskmodel.workspace.predictions import read_predictions, write_predictions_csv
from riskmodel.workspace.run_record import RunRecord
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.shelves import submit

SCALE = ScoreScale(pdo=50, base_score=600, base_odds=19, band_edges=(550, 620))
COLUMNS = (Column(name="band", kind="identifier"), Column(name="bad", kind="target"))
CUSTOMERS = Dataset(
    pa.table({"band": ["=7", "007", "é"], "bad": ["0", None, "1"]}), Schema(columns=COLUMNS, bad_values=("1",)), "few"
)


@pytest.fixture
def run(workspace: Workspace, tmp_path: Path) -> RunRecord:
    path = tmp_path / "predictions.parquet"
    stored = {
        "row": pa.array([0, 2]),
        "part": ["test", "train"],
        "bad": pa.array([0, 1], pa.int8()),
        "probability": [0.05, 1 / 39],
    }
    pq.write_table(pa.table(stored), path)
    return replace(submit(workspace), predictions_path=path)


def test_predictions_name_the_customer_with_score_and_band(run: RunRecord) -> None:
    assert read_predictions(run, CUSTOMERS, SCALE).to_pydict() == {
        "band": ["=7", "é"],
        "row": [1, 3],
        "set": ["test", "train"],
        "outcome": ["good", "bad"],
        "probability": [0.05, 1 / 39],
        "score": [600.0, 650.0],
        "band_": ["B", "A"],
    }


def test_the_csv_protects_cells_that_a_spreadsheet_would_run(run: RunRecord) -> None:
    text = b"".join(write_predictions_csv(read_predictions(run, CUSTOMERS, SCALE))).decode()
    assert text.splitlines()[:2] == ["band,row,set,outcome,probability,score,band_", "'=7,1,test,good,0.05,600,B"]


def test_a_run_without_predictions_is_refused(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match=r"has no predictions. Train it again."):
        read_predictions(submit(workspace), CUSTOMERS, SCALE)
