"""The log of a run: short lines with times."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from riskmodel.errors import WorkspaceError
from riskmodel.workspace.queue.job_log import MAX_BYTES, JobLog
from riskmodel.workspace.workspace import Workspace
from tests.riskmodel.workspace.examples import submit


def test_lines_come_back_with_numbers_and_times_and_only_the_new_ones_if_wanted(workspace: Workspace) -> None:
    run = submit(workspace)
    assert workspace.runs.log(run.id) == []
    workspace.execution.runs.add_log(run.id, "Read 24,000 customers.")
    workspace.execution.runs.add_log(run.id, "Learning rate\nlowered — twice.")
    lines = workspace.runs.log(run.id)
    assert [(line.number, line.text) for line in lines] == [
        (1, "Read 24,000 customers."),
        (2, "Learning rate lowered — twice."),
    ]
    assert all(abs(datetime.now(UTC) - line.at) < timedelta(seconds=30) for line in lines)
    assert [line.number for line in workspace.runs.log(run.id, after=1)] == [2]
    assert workspace.runs.log(run.id, after=2) == []
    path = run.folder / "events.log"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text().splitlines()[0].endswith("+00:00 Read 24,000 customers.")


def test_a_full_log_notes_it_once(workspace: Workspace) -> None:
    run = submit(workspace)
    log = JobLog(run.folder / "events.log")
    for number in range(400):
        log.add(f"{number} " + "x" * 300)
    lines = log.read()
    assert 100 < len(lines) < 250
    assert lines[-1].text == "The log is full; further events are not recorded."
    assert sum("is full" in line.text for line in lines) == 1
    assert (run.folder / "events.log").stat().st_size < MAX_BYTES + 1_000
    log.add("y" * 5_000)
    assert log.read() == lines


@pytest.mark.parametrize("damaged", ["2026-11-", "\0\0\0\x85x", "2026 words"])
def test_a_line_that_a_crash_has_damaged_is_shown_and_the_others_stay(tmp_path: Path, damaged: str) -> None:
    path = tmp_path / "events.log"
    path.write_text(f"2026-11-29T20:00:00.000+00:00 One.\n{damaged}\n2026-11-29T20:00:02.000+00:00 Three.\n")
    one, two, three = JobLog(path).read()
    assert (one.text, three.text) == ("One.", "Three.")
    assert (two.number, two.at) == (2, one.at)
    assert two.text.startswith("(damaged) ")
    path.write_text(damaged)
    assert JobLog(path).read()[0].at == datetime.fromtimestamp(path.stat().st_mtime, UTC)


def test_a_log_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match=f"The log {tmp_path} cannot be read: Is a directory"):
        JobLog(tmp_path).read()


def test_a_long_line_is_cut(workspace: Workspace) -> None:
    run = submit(workspace)
    workspace.execution.runs.add_log(run.id, "y" * 5_000)
    assert len(workspace.runs.log(run.id)[0].text) == 1_002


def test_the_log_of_a_removed_run_is_removed(workspace: Workspace) -> None:
    run = submit(workspace)
    workspace.runs.request_stop(run.id)
    workspace.runs.delete(run.id)
    workspace.runs.remove(run.id)
    workspace.execution.runs.add_log(run.id, "too late")
    assert workspace.runs.log(run.id) == [] and not run.folder.exists()
    with pytest.raises(WorkspaceError, match="is not a valid run id"):
        workspace.runs.log("../../etc/passwd")


def test_what_happens_to_a_run_is_in_it(workspace: Workspace) -> None:
    run = submit(workspace)
    workspace.execution.runs.claim("host/1/1.0")
    workspace.runs.request_stop(run.id)
    workspace.execution.runs.fail(run.id, "The sky fell.")
    assert [line.text for line in workspace.runs.log(run.id)] == ["Stop requested.", "Failed: The sky fell."]
