"""Uploaded files, datasets and scored files on the command line: listed, and deleted after confirmation."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from riskmodel.__main__ import main
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.command_line.commands import refused
from tests.riskmodel.workspace.examples import QUICK, sample_dataset


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """A workspace with a file, a dataset of the same name and an ended run."""
    opened = Workspace.open()
    source = opened.sources.add("customers.csv", b"customers")
    dataset = opened.datasets.add(sample_dataset(60), source.id)
    opened.runs.request_stop(opened.runs.submit(dataset.id, QUICK, name="first").id)
    yield opened
    opened.close()


def answer(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    assert main([*words, "--json"]) == code
    return dict(json.loads(capsys.readouterr().out))


def test_files_are_listed_with_their_ids(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    listed = answer(capsys, "files")["files"]
    dataset, source = sorted(listed, key=lambda row: str(row["kind"]))
    assert (dataset["kind"], dataset["name"], dataset["num_rows"]) == ("dataset", "customers.csv", 60)
    assert (source["kind"], source["name"], source["num_bytes"]) == ("source", "customers.csv", 9)
    assert main(["files"]) == 0
    table = capsys.readouterr().out
    assert all(row["id"] in table for row in listed) and "60 rows" in table and "9 bytes" in table


def test_without_yes_the_dependents_are_listed_and_nothing_is_deleted(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    [source], [dataset], [run] = workspace.sources.list(), workspace.datasets.list(), workspace.runs.list()
    assert main(["delete", source.id]) == 2
    assert capsys.readouterr().out.splitlines() == [
        f"Would delete uploaded file 'customers.csv' ({source.id}), with",
        f"  dataset 'customers.csv' ({dataset.id})",
        f"  run 'first' ({run.id}), stopped",
        f"Nothing was deleted. To delete permanently: python -m riskmodel delete {source.id} --yes --with-dependents",
    ]
    assert "1 dataset, 1 run depend on it" in refused(capsys, "delete", source.id, "--yes")
    assert answer(capsys, "delete", source.id, code=2)["deleted"] is False
    assert workspace.datasets.list() == [dataset] and source.path.exists()


def test_a_confirmed_deletion_lists_the_deleted_items(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    [source] = workspace.sources.list()
    told = answer(capsys, "delete", "customers.csv", "--kind", "source", "--yes", "--with-dependents")
    assert (told["deleted"], told["kind"], told["id"]) == (True, "source", source.id)
    assert [each["kind"] for each in told["dependents"]] == ["dataset", "run"]
    assert main(["files"]) == 0
    assert capsys.readouterr().out.startswith("No files yet.")
    assert not source.path.exists()


def test_what_cannot_be_deleted_is_named_in_one_line(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    [dataset], [run] = workspace.datasets.list(), workspace.runs.list()
    assert "2 items are named 'customers.csv': uploaded file" in refused(capsys, "delete", "customers.csv", "--yes")
    assert "no uploaded file, dataset or scored file 'x'" in refused(capsys, "delete", "x", "--yes")
    assert f"edit {run.id} --delete" in refused(capsys, "delete", run.id, "--yes")
    waiting = workspace.runs.submit(dataset.id, QUICK, name="second")
    assert f"while run 'second' ({waiting.id}) is queued. Stop or discard the run first." in refused(
        capsys, "delete", dataset.id, "--yes", "--with-dependents"
    )
