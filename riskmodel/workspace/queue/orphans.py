"""Runs and searches whose supervisor died. Every client that reads a job detects it and records the reason."""

from __future__ import annotations

from typing import Any

import psutil

from riskmodel.workspace.queue.job_execution import JobExecution
from riskmodel.workspace.storage.process_identity import is_alive, is_here

RESTART_MESSAGE = "The machine was restarted during this {noun}. {retry}"
ORPHAN_MESSAGE = "The supervisor of this {noun} ended unexpectedly, and its trainer with it. {retry}"


def fail_orphans(jobs: JobExecution[Any], supervisor: str | None = None, working_on: str | None = None) -> list[str]:
    """Mark running jobs without a living supervisor as failed; returns their ids.

    A trainer never outlives its supervisor (`riskmodel.jobs.processes.die_with_parent`), so only the latter is checked.

    Args:
        jobs: the execution of the workspace's runs, or of its searches.
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
        if lost and jobs.fail(job_id, words.format(noun=jobs.kind.noun, retry=jobs.kind.retry)):
            failed.append(job_id)
    return failed
