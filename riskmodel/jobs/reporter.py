"""Reports of a trainer, written to its job's record in order by a separate thread.

A training neither waits for the database nor fails with it: while the database or the disk is unavailable,
reports are kept in memory and retried with increasing pauses.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from riskmodel.errors import DiskFullError, UnavailableError, WorkspaceError
from riskmodel.workspace.queue.job_execution import JobExecution
from riskmodel.workspace.storage.disk_reserve import DiskReserve

HEARTBEAT_SECONDS = 2.0
POLL_SECONDS = 0.2
"""Seconds between checks for a stop request."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
MAX_UNAVAILABLE_SECONDS = 3600.0
"""Seconds without the database after which the job fails."""

_log = logging.getLogger(__name__)

Result = TypeVar("Result")


def persist(action: Callable[[], Result]) -> Result:
    """Run a database action, retrying while the database is unavailable; returns its result.

    Raises:
        WorkspaceError: what `action` raised, other than `UnavailableError` within an hour.
    """
    started, pause = time.monotonic(), FIRST_PAUSE
    while True:
        try:
            return action()
        except UnavailableError as error:
            if time.monotonic() - started > MAX_UNAVAILABLE_SECONDS:
                raise
            _log.warning("%s Retrying.", error)
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


@dataclass(frozen=True)
class _Report:
    write: Callable[[], Any]
    is_posted: bool = False
    is_progress: bool = False
    future: Future[Any] = field(default_factory=Future)


class Reporter:
    """Context that writes a job's reports and a heartbeat every two seconds, and checks for stop requests.

    Args:
        jobs: the execution of the workspace's runs or searches.
        job_id: id of the running job.
        reserve: disk space released on a full disk to record the reason.

    Attributes:
        stop_wanted: whether a stop was requested or the job was ended elsewhere, as last read.
        is_waiting: whether the database or the disk is unavailable at the moment.
    """

    def __init__(self, jobs: JobExecution[Any], job_id: str, reserve: DiskReserve) -> None:
        self.stop_wanted = False
        self.is_waiting = False
        self._jobs, self._job_id, self._reserve = jobs, job_id, reserve
        self._reports: deque[_Report] = deque()
        self._changed = threading.Condition()
        self._ended = False
        self._fault: BaseException | None = None
        self._next_beat = self._next_poll = 0.0
        self._thread = threading.Thread(target=self._work, name="reporter", daemon=True)

    def __enter__(self) -> Reporter:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify_all()
        self._thread.join()

    def post(self, write: Callable[[], object], *, replaces: bool = False) -> None:
        """Queue a report; returns at once.

        Args:
            write: writes it; may be retried after an `UnavailableError`, even if it was written.
            replaces: whether it replaces the last queued report if that is also replaceable.
        """
        self._put(_Report(write, is_posted=True, is_progress=replaces))

    def call(self, action: Callable[[], Result]) -> Result:
        """Run an action after all reports are written, with retries; returns its result.

        Raises:
            WorkspaceError: what `action` raised, other than `UnavailableError` within an hour.
        """
        report = _Report(action)
        self._put(report)
        result: Result = report.future.result()
        fault, self._fault = self._fault, None
        if fault is not None:
            raise fault
        return result

    def _put(self, report: _Report) -> None:
        with self._changed:
            if report.is_progress and self._reports and self._reports[-1].is_progress:
                self._reports.pop()
            self._reports.append(report)
            self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._reports and not self._ended:
                    self._changed.wait(POLL_SECONDS)
                if not self._reports and self._ended:
                    return
                report = self._reports.popleft() if self._reports else None
            if report is not None:
                self._write(report)
            with suppress(WorkspaceError):
                self._refresh()

    def _write(self, report: _Report) -> None:
        started, pause = time.monotonic(), FIRST_PAUSE
        while True:
            try:
                report.future.set_result(report.write())
            except UnavailableError as error:
                if time.monotonic() - started > MAX_UNAVAILABLE_SECONDS:
                    report.future.set_exception(error)
                    return
                self._begin_waiting(error)
                self._pause(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                while self._has_only_reserve(error) and time.monotonic() - started < MAX_UNAVAILABLE_SECONDS:
                    self._pause(pause)  # the released space is for the reason only
            except WorkspaceError as error:  # ended or deleted elsewhere: no further reports
                _log.warning("%s", error)
                self.stop_wanted = True
                report.future.set_exception(error)
                return
            except BaseException as error:  # noqa: BLE001  # raised in the waiting caller: here it would be lost
                report.future.set_exception(error)
                if report.is_posted:
                    self._fault, self.stop_wanted = error, True
                return
            else:
                self._end_waiting(time.monotonic() - started)
                return

    def _has_only_reserve(self, error: UnavailableError) -> bool:
        return isinstance(error, DiskFullError) and self._reserve.is_disk_full

    def _begin_waiting(self, error: UnavailableError) -> None:
        if self.is_waiting:
            return
        self.is_waiting = True
        _log.warning("%s Training continues; reports are written later.", error)
        if isinstance(error, DiskFullError):
            self._reserve.release()
            for note in (self._jobs.set_phase, self._jobs.add_log):
                with suppress(WorkspaceError):
                    note(self._job_id, f"{error} Training continues.")

    def _end_waiting(self, seconds: float) -> None:
        if not self.is_waiting:
            return
        self.is_waiting = False
        _log.warning("The database and the disk are available again after %.0f s.", seconds)
        with suppress(WorkspaceError):
            self._jobs.add_log(
                self._job_id, f"The database or disk was unavailable for {seconds:.0f} seconds. Nothing was lost."
            )

    def _pause(self, seconds: float) -> None:
        """Wait, with heartbeats if the database is available."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, HEARTBEAT_SECONDS))
            with suppress(WorkspaceError):
                self._refresh()

    def _refresh(self) -> None:
        now = time.monotonic()
        if now < self._next_poll:
            return
        self._next_poll = now + POLL_SECONDS
        self.stop_wanted = self.stop_wanted or self._jobs.stop_wanted(self._job_id)
        if now >= self._next_beat:
            self._next_beat = now + HEARTBEAT_SECONDS
            self._jobs.heartbeat(self._job_id)
