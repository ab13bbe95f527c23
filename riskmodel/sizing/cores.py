"""CPU cores available to this process, and their load."""

import os

_BUSY = 1.5
"""A smaller slowdown is within the accuracy of an estimate."""


def num_cores() -> int:
    """Number of available cores, at least 1; limits of containers and job schedulers are respected."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def slowdown() -> float:
    """Slowdown of work on all cores by other programs in the last minute; 1 on an idle machine.

    With n cores and a load average of l, the work has n / (n + l) of the processor. Slowdowns below 1.5 are returned
    as 1.
    """
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    factor = 1.0 + load / (os.cpu_count() or 1)
    return factor if factor >= _BUSY else 1.0
