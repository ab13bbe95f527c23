"""Processes are known by machine, number and start."""

import os
import subprocess
import sys
import time

import psutil

from riskmodel.workspace.process_identity import identify, is_alive, is_here


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
