"""CPU time limit for untrusted networks."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_CHECK_SECONDS = 0.05


@contextmanager
def limit_processor_time(seconds: float) -> Iterator[Any]:
    """Options for calls of ONNX Runtime that fail once this thread exceeds the CPU time in the block.

    The runtime checks them between operators; ``terminate`` is true if the limit was reached.

    Args:
        seconds: CPU time, independent of the load of the machine.
    """
    import onnxruntime

    options = onnxruntime.RunOptions()
    clock = time.pthread_getcpuclockid(threading.get_ident())
    end = time.clock_gettime(clock) + seconds
    is_done = threading.Event()

    def watch() -> None:
        while not is_done.wait(_CHECK_SECONDS):
            if time.clock_gettime(clock) > end:
                options.terminate = True
                return

    watcher = threading.Thread(target=watch, name="processor-time", daemon=True)
    watcher.start()
    try:
        yield options
    finally:
        is_done.set()
        watcher.join()
