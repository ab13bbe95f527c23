"""Processes: known by number and start, dying with their parents, their ends explained."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from riskmodel.jobs.processes import explain_exit, identify, is_alive, is_here

ROOT = Path(__file__).resolve().parents[3]


def test_this_process_is_alive_and_here() -> None:
    me = identify()
    assert is_alive(me) and is_here(me)
    assert me.split("/")[-2] == str(os.getpid())


def test_a_process_that_ended_is_dead_even_before_it_is_waited_for() -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    identity = identify(process.pid)
    assert is_alive(identity)
    process.kill()
    psutil.Process(process.pid).status()
    deadline = time.monotonic() + 5
    while is_alive(identity) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_alive(identity)  # a zombie
    process.wait()
    assert not is_alive(identity)


def test_another_process_under_the_same_number_is_not_taken_for_it() -> None:
    host, pid, start = identify().rsplit("/", 2)
    assert not is_alive(f"{host}/{pid}/{float(start) - 60:.2f}")


def test_a_process_of_another_machine_is_not_here() -> None:
    host, pid, start = identify().rsplit("/", 2)
    assert not is_here(f"{host}-other/{pid}/{start}")


@pytest.mark.parametrize(
    ("code", "last_line", "words"),
    [
        (
            -signal.SIGKILL,
            "epoch 3",
            ["(SIGKILL)", "out of memory. Use a smaller batch or network or fewer", "Then train again."],
        ),
        (-signal.SIGSEGV, "", ["crashed (SIGSEGV).", "its log is in the folder of the run"]),
        (-signal.SIGABRT, "free(): invalid pointer", ["crashed (SIGABRT)", "last wrote: free(): invalid pointer"]),
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
        "import time; from riskmodel.jobs.processes import die_with_parent; die_with_parent()\n"
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


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the end is seen on standard input")
def test_a_child_whose_parent_died_before_it_could_ask_ends_too() -> None:
    words = [sys.executable, "-c", "import riskmodel.jobs.processes as p; p.die_with_parent(); print('alive')"]
    for closes, said, code in ((True, b"", -9), (False, b"alive\n", 0)):
        child = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
        assert child.stdin and child.stdout
        if closes:
            child.stdin.close()
        assert (child.stdout.read(), child.wait()) == (said, code)
        child.stdin.close()
        child.stdout.close()


def test_the_end_of_a_search_is_explained_with_what_mends_it() -> None:
    said = explain_exit(1, "", "search", "Resume the search")
    assert said == (
        "The trainer ended in the middle of the search (exit code 1). Resume the search; if it happens again, its log "
        "is in the folder of the search."
    )
