"""Badges of the states of runs and searches."""

from __future__ import annotations

from riskmodel.workspace.queue.job_record import JobRecord

_COLORS = {
    "queued": "gray",
    "running": "blue",
    "finished": "green",
    "stopped": "orange",
    "cancelled": "gray",
    "failed": "red",
}


def state_badge(job: JobRecord) -> str:
    """The state as a colored badge, in Markdown."""
    return f":{_COLORS[job.state]}-badge[{job.state_name}]"
