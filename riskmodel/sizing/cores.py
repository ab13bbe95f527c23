"""How many processor cores this process may use, and how busy they are."""

import os

_BUSY = 1.5
"""A smaller slowdown is within the accuracy of an estimate."""


def num_cores() -> int:
    """At least 1; cores that a container or a job scheduler keeps from the process are not counted."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def slowdown() -> float:
    """How many times as long work on all cores takes beside the programs of the last minute; 1 on an idle machine.

    With n cores and a load average of l, the work has n / (n + l) of the processor. Slowdowns below 1.5 are returned
    as 1.
    """
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    factor = 1.0 + load / (os.cpu_count() or 1)
    return factor if factor >= _BUSY else 1.0
