"""Processes are identified by machine, process id and start time."""

import os
import subprocess
import sys
import time

import psutil
import pytest

from riskmodel.workspace.storage.process_identity import identify, is_alive, is_here


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


@pytest.mark.parametrize("seconds", [-3600.0, 40 * 86_400.0])
def test_a_clock_that_is_set_leaves_processes_alive(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    me, boot_time = identify(), psutil._pslinux.boot_time
    monkeypatch.setattr(psutil._pslinux, "boot_time", lambda: boot_time() + seconds)  # as /proc/stat then shows it
    monkeypatch.setattr(psutil, "boot_time", psutil._pslinux.boot_time)
    assert abs(psutil.Process().create_time() - time.time()) > abs(seconds) / 2
    assert is_alive(me)
    assert identify() == me


def test_a_start_since_1970_of_an_earlier_version_is_understood() -> None:
    host, pid, _ = identify().rsplit("/", 2)
    created_at = psutil.Process().create_time()
    assert is_alive(f"{host}/{pid}/{created_at:.2f}")
    assert not is_alive(f"{host}/{pid}/{created_at - 60:.2f}")


def test_a_process_of_another_machine_is_not_here() -> None:
    host, pid, start = identify().rsplit("/", 2)
    assert not is_here(f"{host}-other/{pid}/{start}")
