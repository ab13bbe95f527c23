"""Runs on the command line: listed, filtered, renamed, tagged, archived, deleted, restored, purged."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from riskmodel.__main__ import main
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.command_line.commands import refused
from tests.riskmodel.workspace.examples import submit


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """A workspace with an ended run, Alpha, and a queued one, Beta."""
    opened = Workspace.open()
    opened.runs.request_stop(submit(opened, name="Alpha").id)
    submit(opened, name="Beta")
    yield opened
    opened.close()


def listed(capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert main(["runs", "--json", *options]) == 0
    return list(json.loads(capsys.readouterr().out)["runs"])


def names(capsys: pytest.CaptureFixture[str], *options: str) -> list[str]:
    return [run["name"] for run in listed(capsys, *options)]


def test_runs_are_edited_and_found_again(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["edit", "Alpha", "--name", "Gamma", "--notes", "for May", "--tag", "champion", "--tag", "q3"]) == 0
    assert main(["edit", "Gamma", "Beta", "--tag", "all", "--untag", "q3"]) == 0
    gamma = listed(capsys, "--tag", "CHAMPION")
    assert [(run["name"], run["tags"], run["remarks"]) for run in gamma] == [("Gamma", ["champion", "all"], "for May")]
    assert names(capsys, "--tag", "all") == ["Beta", "Gamma"] == names(capsys, "--dataset", "customers.csv")
    assert names(capsys, "--find", "may") == ["Gamma"] and names(capsys, "--tag", "q3") == []
    assert main(["runs"]) == 0
    table = capsys.readouterr().out
    assert "Tags" in table and "champion, all" in table


def test_archived_and_deleted_runs_are_listed_when_asked_for(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["edit", "Alpha", "--archive"]) == 0
    assert (names(capsys), names(capsys, "--archived")) == (["Beta"], ["Alpha"])
    assert main(["edit", "Alpha", "--unarchive", "--delete"]) == 0
    [deleted] = listed(capsys, "--deleted")
    assert (deleted["name"], deleted["archived"]) == ("Alpha", False) and deleted["deleted_at"]
    assert main(["edit", "Alpha", "--restore"]) == 0
    assert names(capsys) == ["Beta", "Alpha"]
    assert main(["edit", "Alpha", "--delete"]) == 0
    assert main(["purge"]) == 0
    assert "0 runs permanently removed" in capsys.readouterr().out
    assert main(["purge", "--days", "0"]) == 0
    assert "1 run permanently removed" in capsys.readouterr().out
    assert names(capsys, "--deleted") == []
    assert main(["runs", "--archived"]) == 0
    assert "No such runs" in capsys.readouterr().out


def test_former_names_of_a_command_and_an_option_are_accepted(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["edit", "Alpha", "--remarks", "for May"]) == 0
    assert listed(capsys, "--find", "may")[0]["remarks"] == "for May"
    assert main(["edit", "Alpha", "--delete"]) == main(["empty-bin", "--days", "0"]) == 0
    assert "1 run permanently removed" in capsys.readouterr().out
    assert main(["--help"]) == main(["edit", "--help"]) == 0
    shown = capsys.readouterr().out
    assert "purge" in shown and "--notes" in shown and "empty-bin" not in shown and "remarks" not in shown


def test_an_impossible_edit_is_reported_in_one_line(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Nothing to do" in refused(capsys, "edit", "Alpha")
    assert "--name and --notes are for one run" in refused(capsys, "edit", "Alpha", "Beta", "--name", "x")
    assert "(Beta) is queued; only an ended run can be deleted" in refused(capsys, "edit", "Beta", "--delete")
    assert "Did you mean Alpha?" in refused(capsys, "edit", "Alfa", "--archive")
    assert "No deleted run is named 'Alpha'" in refused(capsys, "edit", "Alpha", "--restore")
    assert "Did you mean 'customers.csv'?" in refused(capsys, "runs", "--dataset", "customer.csv")
    assert main(["edit", "Alpha", "--delete"]) == 0
    capsys.readouterr()
    assert "edit 'Alpha' --restore" in refused(capsys, "edit", "Alpha", "--archive")
