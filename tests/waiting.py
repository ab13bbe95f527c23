"""Waits for other processes and threads."""

import time
from collections.abc import Callable


def wait_for(condition: Callable[[], bool], what: str, seconds: float = 60, every: float = 0.05) -> float:
    """Wait until ``condition`` holds and return the seconds it took; fails after ``seconds``."""
    start = time.monotonic()
    while not condition():
        assert time.monotonic() - start < seconds, f"waited {seconds:.0f} s for {what}"
        time.sleep(every)
    return time.monotonic() - start
