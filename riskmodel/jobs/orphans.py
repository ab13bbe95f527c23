"""Runs whose supervisor died: nobody is left to say how they ended, so it is said for them."""

from __future__ import annotations

import time

from riskmodel.jobs.processes import is_alive, is_here
from riskmodel.workspace.run_work import RunWork

LOST_SECONDS = 60.0
"""A run of another machine without a heartbeat for so long is lost; its processes cannot be looked at from here."""

ORPHAN_WORDS = "The worker that trained this run is gone, and its trainer with it. Train it again."


def fail_orphans(runs: RunWork, supervisor: str | None = None, working_on: str | None = None) -> list[str]:
    """Mark running runs that nobody trains any more as failed; their ids.

    A trainer never outlives its supervisor (`riskmodel.jobs.processes.die_with_parent`), so the latter's life tells.

    Args:
        runs: the workspace's runs.
        supervisor: who asks, if a supervisor does; a run it once took is an orphan unless it is ``working_on`` it.
        working_on: the id of the run it is training.
    """
    failed = []
    for run_id, (taken_by, heartbeat_at) in runs.running().items():
        if run_id == working_on:
            continue
        if taken_by == supervisor:
            lost = True
        elif is_here(taken_by):
            lost = not is_alive(taken_by)
        else:
            lost = time.time() - heartbeat_at > LOST_SECONDS
        if lost and runs.fail(run_id, ORPHAN_WORDS):
            failed.append(run_id)
    return failed
