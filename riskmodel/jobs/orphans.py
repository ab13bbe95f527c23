"""Runs and searches whose supervisor died: nobody is left to say how they ended, so it is said for them."""

from __future__ import annotations

import time
from typing import Any

import psutil

from riskmodel.jobs.processes import is_alive, is_here
from riskmodel.workspace.job_queue import JobQueue

LOST_SECONDS = 60.0
"""A job of another machine without a heartbeat for so long is lost; its processes cannot be looked at from here."""

RESTART_WORDS = "The machine was restarted while it trained this {noun}. {again}"
ORPHAN_WORDS = "The worker that trained this {noun} is gone, and its trainer with it. {again}"


def fail_orphans(jobs: JobQueue[Any], supervisor: str | None = None, working_on: str | None = None) -> list[str]:
    """Mark running jobs that nobody works on any more as failed; their ids.

    A trainer never outlives its supervisor (`riskmodel.jobs.processes.die_with_parent`), so the latter's life tells.

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
        elif is_here(taken_by):
            lost = not is_alive(taken_by)
        else:
            lost = time.time() - heartbeat_at > LOST_SECONDS
        words = RESTART_WORDS if is_here(taken_by) and heartbeat_at < started_at else ORPHAN_WORDS
        if lost and jobs.fail(job_id, words.format(noun=jobs.words.noun, again=jobs.words.again)):
            failed.append(job_id)
    return failed
