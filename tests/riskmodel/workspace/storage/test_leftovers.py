"""Remains of killed processes are removed; files of living processes and complete files are kept."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from riskmodel.scoring.model import bundle
from riskmodel.workspace.storage.files import INCOMPLETE_FILE, incomplete_folder, temporary_file
from riskmodel.workspace.storage.leftovers import remove_incomplete, remove_leftovers

LEFT = [
    "sources/.upload-a",
    "datasets/.dataset-a",
    "scorings/.scoring-a/scored.csv",
    "runs/run-0123456789/.model.a/network.onnx",
    "runs/run-0123456789/.predictions.parquet.a",
    "logs/trainer-a.log",
    "runs/run-0123456789/.config.json.a",
    "searches/search-0123456789/.config.json.a",
    ".supervisor.json.a",
]
UNLOCKED = ["logs/trainer-a.log"]
"""Written without a lock, so that only their age can be checked."""
KEPT = [
    "sources/0123456789abcdef/.upload-a",
    "datasets/0123456789abcdef.parquet",
    "scorings/scoring-0123456789/scored.csv",
    "runs/run-0123456789/model/network.onnx",
    "runs/run-0123456789/trainer.log",
    "logs/supervisor.log",
    "riskmodel.db",
]


def write(home: Path, names: list[str], hours_ago: float) -> None:
    then = time.time() - hours_ago * 3600
    for name in names:
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
        for touched in (path, path.parent):
            os.utime(touched, (then, then))


def files(home: Path) -> set[str]:
    return {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("hours_ago", "left"), [(25, KEPT), (1, KEPT + UNLOCKED), (0, KEPT + LEFT)])
def test_only_what_is_incomplete_and_settled_is_removed(tmp_path: Path, hours_ago: float, left: list[str]) -> None:
    write(tmp_path, KEPT + LEFT, hours_ago)
    removed = remove_leftovers(tmp_path)
    assert files(tmp_path) == set(left)
    assert len(removed) == len(KEPT + LEFT) - len(left)
    assert remove_leftovers(tmp_path) == []


def test_what_a_living_process_writes_stays_however_old(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    with temporary_file(tmp_path / "sources", ".upload-") as temporary:
        os.utime(temporary, (0, 0))
        assert remove_leftovers(tmp_path) == []
    write(tmp_path, ["sources/.upload-a"], hours_ago=1)
    assert remove_leftovers(tmp_path) == [tmp_path / "sources" / ".upload-a"]


def test_a_model_that_is_being_written_stays_and_what_a_crash_left_of_one_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "runs" / "run-0123456789"
    found: list[list[Path]] = []

    def look(folder: Path) -> None:
        if folder.name.startswith(".model."):
            os.utime(folder, (0, 0))
            found.append(remove_leftovers(tmp_path))

    monkeypatch.setattr(bundle, "_sync_folder", look)
    bundle.write_bundle(run / "model", {"network.onnx": b"a network"})
    assert found == [[]] and (run / "model" / "network.onnx").is_file()
    write(tmp_path, ["runs/run-0123456789/.model.a/network.onnx"], hours_ago=1)
    assert remove_leftovers(tmp_path) == [run / ".model.a"]


CRASH = """
import os, signal, sys
from pathlib import Path
from riskmodel.workspace.storage.files import incomplete_folder, temporary_file
folder = Path(sys.argv[1])
with incomplete_folder(folder / "runs" / "run-0123456789") as run, temporary_file(folder, ".speed-cpu.json.") as file:
    (run / "config.json").write_text("{}")
    file.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def crash(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CRASH, str(folder)], cwd=Path(__file__).parents[4], check=False)
    assert done.returncode == -signal.SIGKILL
    for path in (*folder.glob(".speed*"), *folder.glob("runs/*/.incomplete")):
        os.utime(path, (0, 0))


def test_what_a_killed_process_was_writing_is_removed(tmp_path: Path) -> None:
    crash(tmp_path)
    assert remove_incomplete(tmp_path / "runs", set()) == [tmp_path / "runs" / "run-0123456789"]
    assert len(remove_leftovers(tmp_path)) == 1
    assert files(tmp_path) == set()


def test_a_folder_whose_record_was_written_before_the_crash_is_complete(tmp_path: Path) -> None:
    crash(tmp_path)
    assert remove_incomplete(tmp_path / "runs", {"run-0123456789"}) == []
    assert files(tmp_path / "runs") == {"run-0123456789/config.json"}


def test_a_folder_without_a_record_and_without_a_mark_stays(tmp_path: Path) -> None:
    # The database may have been replaced: these may be the only copies.
    write(tmp_path, ["run-0123456789/model/network.onnx"], hours_ago=1000)
    assert remove_incomplete(tmp_path, set()) == []
    assert files(tmp_path) == {"run-0123456789/model/network.onnx"}


def test_an_empty_folder_that_a_crash_left_before_its_mark_is_removed(tmp_path: Path) -> None:
    for name in ("run-0000000000", "run-1111111111", "run-2222222222"):
        (tmp_path / name).mkdir()
    for name in ("run-0000000000", "run-1111111111"):
        os.utime(tmp_path / name, (0, 0))
    assert remove_incomplete(tmp_path, {"run-1111111111"}) == [tmp_path / "run-0000000000"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run-1111111111", "run-2222222222"]


@pytest.mark.parametrize("hours_ago", [0.0, 1000.0])
def test_a_folder_that_is_being_written_stays(tmp_path: Path, hours_ago: float) -> None:
    with incomplete_folder(tmp_path / "scoring-0123456789") as folder:
        os.utime(folder / INCOMPLETE_FILE, (time.time() - hours_ago * 3600,) * 2)
        assert remove_incomplete(tmp_path, set()) == []
    assert [path.name for path in tmp_path.iterdir()] == ["scoring-0123456789"]
    assert files(tmp_path) == set()


def test_a_folder_whose_writing_fails_is_removed(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), incomplete_folder(tmp_path / "run-0123456789"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
