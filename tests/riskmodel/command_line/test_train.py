"""`train` and `runs`: one JSON object or a table on stdout, every epoch on stderr, Ctrl-C obeyed."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from riskmodel.__main__ import main
from riskmodel.command_line.shared.follow import Follower
from riskmodel.command_line.shared.metrics_table import metrics_table
from riskmodel.config.run import RunConfig
from riskmodel.workspace.workspace import Workspace
from tests.processes import end_processes_of
from tests.riskmodel.command_line.commands import QUICK, ROOT, Studio, command, run, write_config

LONG = {"training": {"epochs": 2000, "batch_size": 32}}


def test_train_prints_one_json_object_with_run_model_and_metrics(studio: Studio) -> None:
    answer = studio.answer
    assert answer["run_id"].startswith("run-") and len(answer["run_id"]) == 14
    assert (answer["state"], answer["name"], answer["device"]) == ("finished", "first", "cpu")
    assert (Path(answer["model"]) / "manifest.json").is_file()
    assert set(answer["metrics"]) >= {"validation", "test"}
    # 1,500 customers, a fifth each; the synthetic signal is far from chance.
    assert answer["metrics"]["test"]["num_rows"] == 300
    target = answer["target"]
    assert (target["name"], target["bad"], target["good"]) == ("defaulted", {"1": 301}, {"0": 1199})
    assert (target["num_bads"], target["undetermined"], target["doubts"]) == (301, {}, [])
    stored = Workspace.open(studio.home).runs.get(answer["run_id"])
    assert answer["metrics"] == stored.metrics and 0 < stored.metrics["test"]["auc"] < 1


def test_train_prints_every_epoch_on_stderr(studio: Studio) -> None:
    lines = [line for line in studio.progress.splitlines() if line.startswith("epoch ")]
    assert [line.split()[1] for line in lines] == ["1/3", "2/3", "3/3"]
    assert all("loss" in line and "AUC" in line for line in lines)


def test_runs_lists_the_run(studio: Studio, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs", "--home", str(studio.home), "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["runs"]
    mine = next(entry for entry in listed if entry["run_id"] == studio.run_id)
    assert mine["metrics"] == studio.answer["metrics"]
    assert mine["model"] == studio.model
    assert main(["runs", "--home", str(studio.home)]) == 0
    table = capsys.readouterr().out
    assert studio.run_id in table and "first" in table and "finished" in table


def test_runs_of_an_empty_workspace_say_how_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["runs"]) == 0
    assert "python -m riskmodel train FILE" in capsys.readouterr().out


def test_train_without_json_ends_with_a_table(studio: Studio, tmp_path: Path) -> None:
    config = write_config(tmp_path, QUICK)
    done = run("train", studio.customers, "--target", "defaulted", "--config", config, "--home", studio.home)
    assert done.returncode == 0, done.stderr
    assert "Validation" in done.stdout and "Test" in done.stdout
    for figure in ("AUC", "Gini", "KS", "Log-loss", "Brier", "Accuracy"):
        assert figure in done.stdout


def start_long_run(studio: Studio, tmp_path: Path) -> "subprocess.Popen[str]":
    config = write_config(tmp_path, LONG)
    home = tmp_path / "home"
    words = ("train", studio.customers, "--target", "defaulted", "--config", config, "--home", home, "--json")
    pipe = subprocess.PIPE
    return subprocess.Popen(command(*words), cwd=ROOT, stdout=pipe, stderr=pipe, text=True, start_new_session=True)


def read_until(process: "subprocess.Popen[str]", wanted: str, seconds: float = 90) -> str:
    assert process.stderr
    deadline, text = time.monotonic() + seconds, ""
    while wanted not in text:
        assert time.monotonic() < deadline, text
        line = process.stderr.readline()
        assert line or process.poll() is None, text
        text += line
    return text


def test_ctrl_c_stops_the_run_and_keeps_the_best_weights(studio: Studio, tmp_path: Path) -> None:
    with start_long_run(studio, tmp_path) as process:
        try:
            read_until(process, "epoch ")
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
            end_processes_of(tmp_path / "home")
    assert process.returncode == 0, err
    answer = json.loads(out)
    assert (answer["state"], answer["monitor"]) == ("stopped", "loss") and answer["best_epoch"] >= 1
    assert (Path(answer["model"]) / "manifest.json").is_file()


class StandInWorkspace:
    """Enough of a workspace for `Follower` to obey Ctrl-C."""

    def __init__(self) -> None:
        self.runs = self
        self.stops: list[str] = []

    def request_stop(self, run_id: str) -> None:
        self.stops.append(run_id)

    def get(self, run_id: str) -> SimpleNamespace:
        return SimpleNamespace(config=RunConfig.from_dict({"training": {"monitor": "auc"}}))


def test_a_second_ctrl_c_leaves_the_run_alone(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.console import Console

    workspace = StandInWorkspace()
    follower = Follower(workspace, "run-0123456789", Console(stderr=True))  # type: ignore[arg-type]
    assert [follower._handle_interrupts(count) for count in (0, 1, 1, 2)] == [False, False, False, True]
    assert workspace.stops == ["run-0123456789"]  # asked once, not at every look
    printed = capsys.readouterr().err
    assert "Stopping: the weights with the highest validation AUC are kept." in printed
    assert "python -m riskmodel runs" in printed


def test_the_metrics_table_shows_both_parts_with_the_interval() -> None:
    from rich.console import Console

    figures = {
        "num_rows": 1234, "num_bads": 56, "auc": 0.75, "auc_low": 0.7, "auc_high": 0.8, "gini": 0.5, "ks": 0.4,
        "log_loss": 0.3, "brier": 0.1, "accuracy": 0.9,
    }  # fmt: skip
    console = Console(record=True, width=100, file=open(os.devnull, "w"))  # noqa: SIM115
    with console.file:
        console.print(metrics_table({"test": {**figures, "auc": 0.76}, "validation": figures}))
    text = console.export_text()
    auc = next(line for line in text.splitlines() if "AUC" in line)
    assert auc.index("0.7500 (0.7000–0.8000)") < auc.index("0.7600")
    assert "1,234" in text
