"""How many processor cores this process may use."""

import os


def num_cores() -> int:
    """At least 1; cores that a container or a job scheduler keeps from the process are not counted."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
