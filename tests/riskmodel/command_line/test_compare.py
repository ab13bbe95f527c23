"""`compare`: two runs on the same test customers."""

import json

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import roc_auc_score

from riskmodel.__main__ import main
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.command_line.commands import QUICK, Studio, refused, run, write_config


@pytest.fixture(scope="module")
def second(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A second run of the same customers, with more epochs."""
    config = write_config(tmp_path_factory.mktemp("config"), {**QUICK, "training": {"epochs": 4, "batch_size": 64}})
    words = ["--target", "defaulted", "--id", "customer_id", "--config", config, "--name", "second"]
    done = run("train", studio.customers, *words, "--home", studio.home, "--device", "cpu", "--json")
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["run_id"])


def test_headline_differences_and_impact_are_printed(
    studio: Studio, second: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "first", second, "--home", str(studio.home), "--approval", "0.8"]) == 0
    said = capsys.readouterr().out
    assert "The same test customers of all runs: 300 customers" in said
    assert "difference" in said and "AUC" in said
    assert "Training: Epochs" in said and "Training: Batch size" in said and "Network: Layers" not in said
    assert "At 80.0% approval," in said and "swapped in" in said


def test_json_holds_the_figures_of_the_predictions(
    studio: Studio, second: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "first", "second", "--home", str(studio.home), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    runs = Workspace.open(studio.home).runs
    areas = []
    for run_id in (studio.run_id, second):
        path = runs.get(run_id).predictions_path
        table = pq.read_table(path, filters=pc.field("part") == "test")
        areas.append(roc_auc_score(table["bad"].to_numpy(), table["probability"].to_numpy()))
    auc = found["figures"]["auc"]
    assert [auc["champion"], auc["challenger"]] == pytest.approx(areas)
    assert auc["difference"] == pytest.approx(areas[1] - areas[0])
    impact = found["impact"]
    assert impact["num_approved"] == 210 and impact["swap_in"]["count"] == impact["swap_out"]["count"]
    assert impact["both"]["count"] + impact["swap_in"]["count"] == 210
    assert [each["label"] for each in found["choices"]] == ["Epochs", "Batch size"]


def test_an_impossible_comparison_raises(studio: Studio, second: str, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", studio.home]
    assert "needs two runs" in refused(capsys, "compare", "first", studio.run_id, *home)
    assert "received 70" in refused(capsys, "compare", "first", "second", "--approval", "70", *home)
    said = refused(capsys, "compare", "first", "secnd", *home)
    assert "'secnd' is neither a run's id nor a run's name. Did you mean second?" in said
