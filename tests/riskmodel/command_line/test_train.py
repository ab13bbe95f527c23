"""`train` and `runs`: one JSON object or a table on stdout, every epoch on stderr, stop by Ctrl-C."""

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

import riskmodel
from riskmodel.__main__ import main
from riskmodel.command_line.shared.follow import Follower
from riskmodel.command_line.shared.metrics_table import metrics_table
from riskmodel.config.run import RunConfig
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.sizing.cost import MachineSpeed
from riskmodel.tables.sample import write_sample
from riskmodel.workspace.workspace import Workspace
from tests.processes import end_processes_of
from tests.riskmodel.command_line.commands import QUICK, ROOT, Studio, command, refused, run, write_config
from tests.riskmodel.workspace.examples import epoch_result, submit

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


def test_runs_of_an_empty_workspace_show_how_to_begin(capsys: pytest.CaptureFixture[str]) -> None:
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


@pytest.mark.slow
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
    """The parts of a workspace that `Follower` needs for Ctrl-C."""

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


def test_the_epochs_of_an_enlarged_network_are_printed_from_the_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from rich.console import Console
    from rich.progress import Progress

    workspace = Workspace.open(tmp_path)
    record = submit(workspace)
    execution = workspace.execution.runs
    execution.claim("host/1/1.0")
    config = record.config
    larger = config.model_copy(update={"training": config.training.model_copy(update={"epochs": 77})})
    console = Console(stderr=True, width=200)
    progress = Progress(console=console, disable=True)
    follower = Follower(workspace, record.id, console)
    for change in (None, larger, config):
        if change is not None:
            execution.set_config(record.id, change, [epoch_result(1)] if change is config else ())
        if change is not config:
            execution.add_epoch(record.id, epoch_result(1))
        follower._show_figures(workspace.runs.get(record.id), progress, progress.add_task(""))
    printed = [line for line in capsys.readouterr().err.splitlines() if line]
    assert [" ".join(line.split()[:2]) for line in printed] == [
        "epoch 1/10", "Still improving:", "epoch 1/10", "The smaller"
    ]  # fmt: skip


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


def dry_run(customers: Path, *words: str | Path) -> "subprocess.CompletedProcess[str]":
    return run(
        "train", customers, "--target", "defaulted", "--id", "customer_id", "--device", "cpu", "--dry-run", *words
    )


def test_a_dry_run_shows_what_a_run_would_train_and_stores_nothing(studio: Studio, tmp_path: Path) -> None:
    config, home = write_config(tmp_path, QUICK), tmp_path / "home"
    shown = dry_run(studio.customers, "--config", config, "--home", home)
    assert shown.returncode == 0 and not home.exists(), shown.stderr
    assert "Split: 900 train, 300 validation, 300 test\n" in shown.stdout
    assert "Time: unknown, the first run in this workspace measures the speed" in shown.stdout
    answer = json.loads(dry_run(studio.customers, "--config", config, "--home", home, "--json").stdout)
    model = RiskModel.load(Path(studio.answer["model"]))
    assert {each["name"]: each["treatment"] for each in answer["columns"]} == {
        each.column: each.treatment for each in model.preprocessor.describe()
    }
    assert answer["num_parameters"] == (answer["num_inputs"] + 1) * 16 + 17
    assert (answer["device"], answer["seconds"], answer["target"]["num_bads"]) == ("cpu", None, 301)
    assert riskmodel.forecast(
        studio.customers, target="defaulted", identifiers=["customer_id"], config=RunConfig.from_file(config),
        device="cpu", home=home,
    ).to_dict() == {name: value for name, value in answer.items() if name != "target"}  # fmt: skip


def test_a_dry_run_estimates_the_time_in_a_workspace_with_a_measured_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.getloadavg", lambda: (3.0 * (os.cpu_count() or 1), 0.0, 0.0))
    write_sample(tmp_path / "customers.csv", 400, 3)
    (tmp_path / "speed-cpu.json").write_text(MachineSpeed(multiply_adds=4e10, operation_seconds=2e-6).to_json())
    shown = dry_run(tmp_path / "customers.csv", "--home", tmp_path, "--preset", "mission").stdout
    assert re.search(
        r"^Expected time: \d+ s on an idle machine \(with the start of a trainer\)\n"
        r"Shortest and longest time: \d+ s to .*; of an epoch: .*$",
        shown,
        re.M,
    )
    assert "the longest time is 4.0 × that without them" in shown
    assert sorted(path.name for path in tmp_path.iterdir()) == ["customers.csv", "speed-cpu.json"]


def test_a_dry_run_reports_the_errors_of_a_run(
    studio: Studio, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("train", studio.customers, "--dry-run", "--home", tmp_path / "home")
    assert "no column 'defaultd'" in refused(capsys, *words, "--target", "defaultd")
    override = write_config(tmp_path, {"preprocessing": {"overrides": {"incme": {"scaling": "none"}}}})
    assert main([str(word) for word in (*words, "--target", "defaulted", "--config", override)]) == 2
    assert "There is no column 'incme'" in capsys.readouterr().err
    assert "no preset 'fest'" in refused(capsys, *words, "--target", "defaulted", "--preset", "fest").lower()


def test_an_invalid_setting_of_the_warm_trainer_is_reported_before_anything_is_stored(
    tmp_path: Path, private_workspace: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RISKMODEL_WARM_TRAINER", "nonsense")
    customers = tmp_path / "customers.csv"
    write_sample(customers, 200, 3)
    workspace = Workspace.open()
    ended = submit(workspace)
    for words in (
        ["train", str(customers), "--target", "defaulted"],
        ["search", str(customers), "--target", "defaulted", "--field", "network.dropout"],
        ["resume", ended.id],
    ):
        error = refused(capsys, *words)
        assert "RISKMODEL_WARM_TRAINER must be 'on' or 'off'; received 'nonsense'." in error
    assert [run.id for run in workspace.runs.list()] == [ended.id] and not workspace.searches.list()
    assert not workspace.sources.list() and len(workspace.datasets.list()) == 1
    workspace.close()
