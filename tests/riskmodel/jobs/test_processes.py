"""Processes end with their parents, and their ends are explained."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from riskmodel.jobs.processes import explain_exit

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("code", "last_line", "words"),
    [
        (
            -signal.SIGKILL,
            "epoch 3",
            ["(SIGKILL)", "out of memory. Use a smaller batch or network or fewer", "Then train again."],
        ),
        (-signal.SIGSEGV, "", ["crashed (SIGSEGV).", "its log is in the folder of the run"]),
        (-signal.SIGABRT, "free(): invalid pointer", ["crashed (SIGABRT)", "last output: free(): invalid pointer"]),
        (-63, "", ["crashed (signal 63)"]),
        (1, "ModuleNotFoundError: No module named 'x'", ["exit code 1", "No module named 'x'"]),
    ],
)
def test_an_end_is_explained(code: int, last_line: str, words: list[str]) -> None:
    said = explain_exit(code, last_line)
    assert all(part in said for part in words), said


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the end is seen on standard input")
def test_a_child_dies_with_its_parent_however_that_dies() -> None:
    child = (
        "import os, time; from riskmodel.jobs.processes import die_with_parent; die_with_parent(os.getppid())\n"
        "print('on', flush=True); time.sleep(60)"
    )
    parent = (
        "import subprocess, sys, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {child!r}], stdout=subprocess.PIPE, start_new_session=True)\n"
        "child.stdout.readline(); print(child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stdout
        child_process = psutil.Process(int(process.stdout.readline()))
        process.kill()
    psutil.wait_procs([child_process], timeout=5)
    assert not child_process.is_running() or child_process.status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("pending", [b"", b"run-0123456789\n"])
def test_a_child_whose_parent_died_before_it_could_ask_ends_too(pending: bytes) -> None:
    # Whatever waits on its standard input, such as the run that it was to train.
    program = "import sys, riskmodel.jobs.processes as p; p.die_with_parent(int(sys.argv[1])); print('alive')"
    for parent, written, code in ((1, b"", -9), (os.getpid(), b"alive\n", 0)):
        words = [sys.executable, "-c", program, str(parent)]
        child = subprocess.run(words, input=pending, capture_output=True, cwd=ROOT, check=False)
        assert (child.stdout, child.returncode) == (written, code)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the end is seen on standard input")
@pytest.mark.parametrize("seconds", [0.0, 0.2])
def test_a_trainer_with_a_run_ends_when_its_supervisor_is_killed_at_once(tmp_path: Path, seconds: float) -> None:
    program = (
        "import os, signal, sys, time\nfrom pathlib import Path\n"
        "from riskmodel.jobs.trainer_process import TrainerProcess\n"
        "trainer = TrainerProcess(Path(sys.argv[1]), 'cpu')\n"
        "trainer.begin('run-0123456789', Path(sys.argv[1]) / 'trainer.log')\n"
        "print(trainer.pid, flush=True); time.sleep(float(sys.argv[2])); os.kill(os.getpid(), signal.SIGKILL)"
    )
    words = [sys.executable, "-c", program, str(tmp_path), str(seconds)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stdout
        trainer = psutil.Process(int(process.stdout.readline()))
    psutil.wait_procs([trainer], timeout=10)
    assert not trainer.is_running() or trainer.status() == psutil.STATUS_ZOMBIE


def test_the_end_of_a_search_is_explained_with_advice() -> None:
    said = explain_exit(1, "", "search", "Resume the search")
    assert said == (
        "The trainer ended in the middle of the search (exit code 1). Resume the search; if it happens again, its log "
        "is in the folder of the search."
    )
