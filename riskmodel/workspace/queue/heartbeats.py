"""Heartbeats of the jobs of other machines."""

from __future__ import annotations

import time

LOST_SECONDS = 60.0
"""Seconds without a heartbeat after which a job of another machine is lost."""


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
