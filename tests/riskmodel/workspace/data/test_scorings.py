"""Scored files: CSV and Parquet both or neither, found by id and by run."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from riskmodel.errors import DataError, WorkspaceError
from riskmodel.scoring.model.report import NUM_PROBABILITY_BINS, UnparsableCells, UnseenCells
from riskmodel.scoring.streaming.stream import ScoringReport
from riskmodel.workspace.data import scorings
from riskmodel.workspace.data.scorings import ScoringRecord
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import submit

REPORT = ScoringReport(
    num_rows=3,
    num_scored=2,
    not_scored={"income is no number": 1},
    unseen={"région": UnseenCells(1, "Ωmega")},
    unparsable={"income": UnparsableCells(1, "n/a", 2)},
    band_counts={"A": 2, "B": 0},
    probability_counts=(2,) + (0,) * (NUM_PROBABILITY_BINS - 1),
    seconds=0.25,
    extra_columns=("comment",),
    output_columns=("probability", "score", "band", "reason"),
)
MODEL: Any = object()


def write_scores(model: object, source: Path, *, output_csv: Path, output_parquet: Path, **_: Any) -> ScoringReport:
    """Stands in for `score_file`."""
    assert model is MODEL
    output_csv.write_bytes(b"scored " + source.read_bytes())
    output_parquet.write_bytes(b"PAR1")
    return REPORT


def fail_half_way(error: Exception) -> Callable[..., ScoringReport]:
    def score_file(model: object, source: Path, *, output_csv: Path, **_: Any) -> ScoringReport:
        output_csv.write_bytes(b"half")
        raise error

    return score_file


@pytest.fixture(autouse=True)
def quick_scoring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scorings, "score_file", write_scores)


def score(workspace: Workspace, run_id: str, name: str = "new.csv") -> ScoringRecord:
    return workspace.scorings.score(MODEL, run_id, workspace.sources.add(name, name.encode()))


def test_a_scored_file_is_kept_with_its_report(workspace: Workspace) -> None:
    run = submit(workspace)
    record = score(workspace, run.id)
    assert record == workspace.scorings.get(record.id)
    assert (record.run_id, record.input_name, record.report) == (run.id, "new.csv", REPORT)
    assert (record.csv_path.read_bytes(), record.parquet_path.read_bytes()) == (b"scored new.csv", b"PAR1")
    assert record.csv_path.parent == workspace.home / "scorings" / record.id
    assert record.csv_path.parent.stat().st_mode & 0o777 == 0o700


def test_progress_is_handed_on(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def telling(*arguments: Any, on_progress: Callable[[int], None], **rest: Any) -> ScoringReport:
        on_progress(2)
        return write_scores(*arguments, **rest)

    monkeypatch.setattr(scorings, "score_file", telling)
    source, heard = workspace.sources.add("a.csv", b"a"), []
    workspace.scorings.score(MODEL, submit(workspace).id, source, on_progress=heard.append)
    assert heard == [2]


@pytest.mark.parametrize(
    ("name", "csv_name"),
    [
        ("customers.csv", "customers-scored.csv"),
        ("../../März 2026.csv.gz", "März 2026-scored.csv"),
        ("no ending", "no ending-scored.csv"),
        ("...", "file-scored.csv"),
    ],
)
def test_downloads_are_called_after_the_file_that_came_in(workspace: Workspace, name: str, csv_name: str) -> None:
    record = score(workspace, submit(workspace).id, name)
    assert record.csv_name == csv_name
    assert record.parquet_name == csv_name.replace(".csv", ".parquet")


def test_scored_files_are_listed_newest_first_and_by_run(workspace: Workspace) -> None:
    first, second = submit(workspace), submit(workspace)
    records = [score(workspace, run.id) for run in (first, second, first)]
    assert workspace.scorings.list() == records[::-1]
    assert workspace.scorings.list(first.id) == [records[2], records[0]]
    assert workspace.scorings.list("run-0000000000") == []


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (DataError("Column 'income' is missing."), DataError, "Column 'income' is missing."),
        (
            OSError(errno.ENOSPC, "full"),
            WorkspaceError,
            "Saving the scores of 'new.csv' failed: there is no space left",
        ),
    ],
)
def test_what_fails_half_way_leaves_nothing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, error: Exception, kind: type[Exception], words: str
) -> None:
    monkeypatch.setattr(scorings, "score_file", fail_half_way(error))
    with pytest.raises(kind, match=words):
        score(workspace, submit(workspace).id)
    assert workspace.scorings.list() == []
    assert list((workspace.home / "scorings").iterdir()) == []


def test_a_run_that_does_not_exist_is_named_and_nothing_is_kept(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="There is no run 'run-0000000000' in this workspace; nothing was stored"):
        score(workspace, "run-0000000000")
    assert list((workspace.home / "scorings").iterdir()) == []


def test_a_file_deleted_while_it_was_scored_is_named_and_nothing_is_kept(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, source = submit(workspace), workspace.sources.add("new.csv", b"new")

    def deleting(*arguments: Any, **rest: Any) -> ScoringReport:
        report = write_scores(*arguments, **rest)
        workspace.sources.delete(source.id)
        return report

    monkeypatch.setattr(scorings, "score_file", deleting)
    with pytest.raises(WorkspaceError, match=r"no uploaded file 'new\.csv' in this workspace; nothing was stored"):
        workspace.scorings.score(MODEL, run.id, source)
    assert list((workspace.home / "scorings").iterdir()) == []


def test_scored_files_outlive_their_run(workspace: Workspace) -> None:
    run = submit(workspace)
    record = score(workspace, run.id)
    workspace.runs.request_stop(run.id)
    workspace.runs.delete(run.id)
    workspace.runs.remove(run.id)
    kept = workspace.scorings.get(record.id)
    assert kept.run_id is None
    assert kept.csv_path.is_file()


def test_a_deleted_scoring_is_gone_with_its_files(workspace: Workspace) -> None:
    record = score(workspace, submit(workspace).id)
    workspace.scorings.delete(record.id)
    assert not record.csv_path.parent.exists()
    for act in (workspace.scorings.get, workspace.scorings.delete):
        with pytest.raises(WorkspaceError, match=f"There is no scored file '{record.id}'"):
            act(record.id)


@pytest.mark.parametrize("scoring_id", ["../x", "", "scoring-0", "scoring-0123456789\n", "run-0123456789"])
def test_an_invalid_id_raises_before_it_becomes_a_path(workspace: Workspace, scoring_id: str) -> None:
    for act in (workspace.scorings.get, workspace.scorings.delete):
        with pytest.raises(WorkspaceError, match="must be 'scoring-' and ten hex digits"):
            act(scoring_id)
