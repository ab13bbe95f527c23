"""Predictions with identifiers, compared with scores computed by hand."""

import io
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from riskmodel.errors import WorkspaceError
from riskmodel.scoring.model.scale import ScoreScale
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.schema.schema import Column, Schema
from riskmodel.workspace.runs.predictions import (
    read_predictions,
    read_stored_predictions,
    write_predictions_csv,
    write_stored_predictions,
)
from riskmodel.workspace.runs.run_record import RunRecord
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import submit

SCALE = ScoreScale(pdo=50, base_score=600, base_odds=19, band_edges=(550, 620))
COLUMNS = (Column(name="band", kind="identifier"), Column(name="bad", kind="target"))
CUSTOMERS = Dataset(
    pa.table({"band": ["=7", "007", "é"], "bad": ["0", None, "1"]}), Schema(columns=COLUMNS, bad_values=("1",)), "few"
)

STORED = pa.table(
    {
        "row": pa.array([0, 2]),
        "part": ["test", "train"],
        "bad": pa.array([0, 1], pa.int8()),
        "probability": [0.05, 1 / 39],
    }
)


@pytest.fixture
def run(workspace: Workspace, tmp_path: Path) -> RunRecord:
    path = tmp_path / "predictions.parquet"
    pq.write_table(STORED, path)  # as earlier versions wrote it, without checksums
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


def test_no_changed_byte_gives_other_predictions(run: RunRecord) -> None:
    assert run.predictions_path is not None
    buffer = io.BytesIO()
    write_stored_predictions(STORED, buffer)
    content, num_refused = buffer.getvalue(), 0
    for place in range(len(content)):
        run.predictions_path.write_bytes(content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :])
        try:
            assert read_stored_predictions(run).equals(STORED)  # the byte has no meaning, such as the writer's name
        except WorkspaceError as error:
            num_refused += 1
            assert str(error) == (
                f"The predictions of run '{run.name}' are damaged: the content of '{run.predictions_path}' has changed "
                "since the training. Restore the file from a backup, or train the run again."
            )
    assert num_refused > len(content) / 3


def test_a_file_with_other_columns_is_damaged(run: RunRecord) -> None:
    assert run.predictions_path is not None
    pq.write_table(STORED.rename_columns(["row", "part", "bad", "probabilitx"]), run.predictions_path)
    with pytest.raises(WorkspaceError, match=r"are damaged"):
        read_stored_predictions(run)


def test_a_missing_file_is_named(run: RunRecord) -> None:
    assert run.predictions_path is not None
    run.predictions_path.unlink()
    with pytest.raises(WorkspaceError, match=rf"are missing: there is no file '{run.predictions_path}'\. Restore"):
        read_stored_predictions(run)


def test_a_run_without_predictions_is_refused(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match=r"has no predictions. Train it again."):
        read_predictions(submit(workspace), CUSTOMERS, SCALE)
