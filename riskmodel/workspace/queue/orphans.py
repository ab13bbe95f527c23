"""Runs and searches whose supervisor died. Every client that reads a job notices it and records the reason."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import psutil

from riskmodel.workspace.storage.process_identity import is_alive, is_here

if TYPE_CHECKING:
    from riskmodel.workspace.queue.job_work import JobWork

LOST_SECONDS = 60.0
"""A job of another machine whose heartbeat has not changed for so long is lost; its processes cannot be seen here."""

RESTART_WORDS = "The machine was restarted while it trained this {noun}. {again}"
ORPHAN_WORDS = "The worker that trained this {noun} is gone, and its trainer with it. {again}"


class Heartbeats:
    """The heartbeats of jobs of other machines, with the time at which this process first saw each.

    Their age by the clock would not do: after minutes without a database every heartbeat is old, and clocks differ.
    """

    def __init__(self) -> None:
        self._seen: dict[str, tuple[float, float]] = {}

    def has_stopped(self, job_id: str, heartbeat_at: float) -> bool:
        """Whether this process has seen the same heartbeat for `LOST_SECONDS`."""
        now = time.monotonic()
        last, since = self._seen.get(job_id, (heartbeat_at, now))
        if last != heartbeat_at:
            since = now
        self._seen[job_id] = heartbeat_at, since
        return now - since > LOST_SECONDS


def fail_orphans(jobs: JobWork[Any], supervisor: str | None = None, working_on: str | None = None) -> list[str]:
    """Mark running jobs that no process works on any more as failed; their ids.

    A trainer never outlives its supervisor (`riskmodel.jobs.processes.die_with_parent`), so only the latter is checked.

    Args:
        jobs: the workspace's runs, or its searches.
        supervisor: who asks, if a supervisor does; a job it once took is an orphan unless it is ``working_on`` it.
        working_on: the id of the job it is at work on.
    """
    failed = []
    started_at = psutil.boot_time()
    for job_id, (taken_by, heartbeat_at) in jobs.running().items():
        if job_id == working_on:
            continue
        if taken_by == supervisor:
            lost = True
        elif is_here(taken_by):  # the lock makes a supervisor the only one here; a copied folder names another's
            lost = supervisor is not None or not is_alive(taken_by)
        else:
            lost = jobs.heartbeats.has_stopped(job_id, heartbeat_at)
        words = RESTART_WORDS if is_here(taken_by) and heartbeat_at < started_at else ORPHAN_WORDS
        if lost and jobs.fail(job_id, words.format(noun=jobs.words.noun, again=jobs.words.again)):
            failed.append(job_id)
    return failed
