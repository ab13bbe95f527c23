"""Trainer processes, for the supervisor."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from riskmodel.config.sections.backend import Backend
from riskmodel.jobs.devices import DeviceKind
from riskmodel.jobs.processes import explain_exit
from riskmodel.workspace.storage.files import disk_errors, make_folder

PROJECT_FOLDER = Path(__file__).resolve().parents[2]
"""Working directory in which ``python -m riskmodel...`` finds the package."""

_LOG_END_BYTES = 8192


class TrainerProcess:
    """A trainer process: warming up, ready, processing its job, ended.

    Args:
        home: the workspace's folder.
        kind: device; GPUs are hidden from a CPU trainer.
        command: command line; default: the real trainer.
        backend: Keras backend.

    Raises:
        WorkspaceError: its log cannot be written.
        OSError: no further process can be started.

    Attributes:
        kind, backend: as given.
        is_ready: it is warm and a job starts at once.
        is_learning: its job has finished an epoch.
    """

    def __init__(
        self, home: Path, kind: DeviceKind, command: Sequence[str] | None = None, backend: Backend = "tensorflow"
    ) -> None:
        self.kind = kind
        self.backend = backend
        self.is_ready = False
        self.is_learning = False
        self._log = make_folder(home / "logs") / f"trainer-{secrets.token_hex(5)}.log"
        words = command or (sys.executable, "-m", "riskmodel.jobs.trainer_launch", str(os.getpid()))
        with disk_errors("Starting a trainer"), open(self._log, "xb", opener=_private) as log:
            self._process = subprocess.Popen(
                [*words, "--home", str(home), "--device", kind, "--backend", backend],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=PROJECT_FOLDER,
                env=_environment(kind, backend),
                start_new_session=True,  # Ctrl-C is handled by the supervisor
            )
        assert self._process.stdin and self._process.stdout
        self._words_in, self._words_out = self._process.stdin, self._process.stdout
        os.set_blocking(self._words_out.fileno(), False)
        self._unread = b""

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def begin(self, job_id: str, log_path: Path) -> None:
        """Assign its run or search; its log moves to ``log_path``. The job starts once the trainer is warm."""
        self._log = self._log.rename(log_path)  # the open file stays valid, so no output is lost
        try:
            self._words_in.write(f"{job_id}\n".encode())
            self._words_in.flush()
        except BrokenPipeError:
            return  # it has just ended, as `poll` reports

    def poll(self) -> int | None:
        """Read its messages; returns its exit code once it has ended."""
        code = self._process.poll()
        self._unread += self._words_out.read() or b""
        *lines, self._unread = self._unread.split(b"\n")
        self.is_ready = self.is_ready or b"ready" in lines
        self.is_learning = self.is_learning or b"learning" in lines
        return code

    def explain_end(self, **words: str) -> str:
        """Message on its end; ``noun``, ``retry`` and ``reduce`` as for `explain_exit`."""
        return explain_exit(self._process.wait(), last_line(self._log), **words)

    def end(self, keep_log: bool = True) -> None:
        """Kill it and free its resources."""
        self._process.kill()
        self._process.wait()
        for stream in (self._words_in, self._words_out):
            try:
                stream.close()
            except BrokenPipeError:
                continue
        if not keep_log:
            self._log.unlink(missing_ok=True)


def last_line(log: Path) -> str:
    """The last line of a log, cut to 300 characters; empty without a log."""
    if not log.is_file():
        return ""
    with log.open("rb") as stream:
        stream.seek(max(stream.seek(0, os.SEEK_END) - _LOG_END_BYTES, 0))
        lines = stream.read().decode("utf-8", "replace").splitlines()
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return last if len(last) <= 300 else f"{last[:300]} …"


def _environment(kind: DeviceKind, backend: Backend) -> dict[str, str]:
    environment = os.environ | {"KERAS_BACKEND": backend, "PYTHONUNBUFFERED": "1"}
    environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    if kind == "cpu":
        environment["CUDA_VISIBLE_DEVICES"] = "-1"
    else:
        # A waiting trainer must not reserve all the memory.
        environment.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
        environment.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    return environment


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
