"""Runs and searches whose supervisor died. Every client that reads a job detects it and records the reason."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import psutil

from riskmodel.workspace.storage.process_identity import is_alive, is_here

if TYPE_CHECKING:
    from riskmodel.workspace.queue.job_work import JobWork

LOST_SECONDS = 60.0
"""Seconds without a heartbeat after which a job of another machine is lost."""

RESTART_MESSAGE = "The machine was restarted during this {noun}. {retry}"
ORPHAN_MESSAGE = "The supervisor of this {noun} ended unexpectedly, and its trainer with it. {retry}"


class Heartbeats:
    """Heartbeats of jobs of other machines, with the local time of first observation.

    Their age by the clock is unusable: after a database outage every heartbeat is old, and clocks differ.
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
    """Mark running jobs without a living supervisor as failed; returns their ids.

    A trainer never outlives its supervisor (`riskmodel.jobs.processes.die_with_parent`), so only the latter is checked.

    Args:
        jobs: the workspace's runs, or its searches.
        supervisor: the calling supervisor, if any; a job it claimed is an orphan unless it is ``working_on`` it.
        working_on: id of the job it processes.
    """
    failed = []
    started_at = psutil.boot_time()
    for job_id, (taken_by, heartbeat_at) in jobs.running().items():
        if job_id == working_on:
            continue
        if taken_by == supervisor:
            lost = True
        elif is_here(taken_by):  # the lock allows one supervisor here; a copied folder may name another's
            lost = supervisor is not None or not is_alive(taken_by)
        else:
            lost = jobs.heartbeats.has_stopped(job_id, heartbeat_at)
        words = RESTART_MESSAGE if is_here(taken_by) and heartbeat_at < started_at else ORPHAN_MESSAGE
        if lost and jobs.fail(job_id, words.format(noun=jobs.messages.noun, retry=jobs.messages.retry)):
            failed.append(job_id)
    return failed
