"""`stop`, `discard`, `resume`, `queue` and `log`, by id and by name."""

import json
from pathlib import Path

import pytest

from riskmodel.__main__ import main
from riskmodel.config.search import SearchConfig
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.command_line.commands import Studio, refused, run
from tests.riskmodel.workspace.examples import QUICK, sample_dataset, submit


def test_runs_and_searches_are_shown_moved_stopped_and_discarded(
    private_workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = Workspace.open()
    assert main(["queue"]) == 0
    assert capsys.readouterr().out == "The queue is empty.\n"
    first, second = submit(workspace, name="first"), submit(workspace, name="second")
    dataset = workspace.datasets.add(sample_dataset())
    search = workspace.searches.submit(dataset.id, QUICK, SearchConfig(fields=("network.dropout",)), name="wide")
    assert main(["queue", search.id, "--place", "1"]) == 0
    assert capsys.readouterr().out.split() == ["1", search.id, "wide", "2", first.id, "first", "3", second.id, "second"]
    assert main(["queue", "second", "--up", "--json"]) == 0
    waiting = json.loads(capsys.readouterr().out)["waiting"]
    assert [each["name"] for each in waiting] == ["wide", "second", "first"]
    assert main(["queue", "second", "--down"]) == 0
    assert capsys.readouterr().out.split()[-1] == "second"
    assert main(["discard", "first"]) == 0
    assert capsys.readouterr().out == f"{first.id} discarded\n"
    assert main(["stop", "second"]) == 0
    assert capsys.readouterr().out == f"{second.id} stopped\n"
    workspace.execution.searches.claim("host/1/1.0")
    assert main(["stop", search.id]) == 0
    assert capsys.readouterr().out == f"{search.id} running, stop requested\n"
    assert main(["discard", search.id]) == 0
    assert capsys.readouterr().out == f"{search.id} discarded\n"
    for command in ("discard", "stop"):
        assert main([command, search.id]) == 0
        assert capsys.readouterr().out == f"{search.id} has already ended (discarded). Nothing was changed.\n"
    assert main(["runs"]) == 0 and main(["searches"]) == 0
    tables = capsys.readouterr().out
    assert tables.count("discarded") == 2 and "cancelled" not in tables
    assert main(["runs", "--json"]) == 0
    states = {record["name"]: record["state"] for record in json.loads(capsys.readouterr().out)["runs"]}
    assert states == {"first": "cancelled", "second": "stopped"}
    assert main(["log", search.id]) == 0
    assert [line.split("  ", 1)[1] for line in capsys.readouterr().out.splitlines()] == [
        "Stop requested.",
        "Discarded; ended trials are kept.",
    ]
    workspace.close()


def test_an_impossible_request_is_reported_in_one_line(
    private_workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = Workspace.open()
    run_id = submit(workspace).id
    assert "is queued; it can be continued once it has ended" in refused(capsys, "resume", run_id, "--epochs", "3")
    workspace.runs.request_cancel(run_id)
    assert "only a queued run can be moved" in refused(capsys, "queue", run_id, "--up")
    assert "one of --place 1, --up or --down" in refused(capsys, "queue", run_id)
    assert "one of --place" in refused(capsys, "queue", "--up")
    assert "'unknown' is neither a run's id nor a run's name" in refused(capsys, "discard", "unknown")
    workspace.close()


def test_a_run_is_continued_as_a_new_one_with_its_curves(studio: Studio) -> None:
    done = run("resume", studio.run_id, "--epochs", "2", "--name", "longer", "--home", studio.home, "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["state"], answer["name"]) == ("finished", "longer")
    assert answer["run_id"] != studio.run_id and f"{answer['run_id']} continues {studio.run_id}" in done.stderr
    assert answer["notes"][0].startswith(f"Continues 'first' ({studio.run_id}) after its epoch 3.")
    lines = [line.split()[1] for line in done.stderr.splitlines() if line.startswith("epoch ")]
    assert lines == ["1/5", "2/5", "3/5", "4/5", "5/5"]
    workspace = Workspace.open(studio.home)
    before, after = workspace.runs.epochs(studio.run_id), workspace.runs.epochs(answer["run_id"])
    assert [epoch.validation_loss for epoch in after[:3]] == [epoch.validation_loss for epoch in before]
    assert all(epoch.train_ks and epoch.validation_ks and epoch.gradient_norm for epoch in after)
    assert workspace.runs.get(studio.run_id).model_folder == Path(studio.model)
    told = [line.text for line in workspace.runs.log(answer["run_id"])]
    workspace.close()
    for start in (
        "Read 1,500",
        "Split: ",
        "Fitted the",
        "Resumed after epoch 3",
        "Compiled",
        "Exported",
        "Saved the model",
    ):
        assert any(line.startswith(start) for line in told), (start, told)
