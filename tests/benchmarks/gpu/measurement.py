"""Timing of training steps, with utilization and memory of the device meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psutil

from riskmodel.jobs.gpu_status import read_gpu_status
from riskmodel.training.fitting.pacing import Pacer

_POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Steps:
    """A network ready to be trained.

    Attributes:
        num_rows: Training customers.
        batch_size: Customers of a step.
        run: Trains the steps from the first to the one before the second argument, and waits for their end.
        read_memory: Bytes that the training takes on the device.
    """

    num_rows: int
    batch_size: int
    run: Callable[[int, int], None]
    read_memory: Callable[[], int]


@dataclass(frozen=True)
class Speed:
    """Measured speed of a training.

    Attributes:
        epoch_seconds: Of all customers once, extrapolated from the measured steps; without validation and metrics.
        rows_per_second: Customers trained in a second.
        measured_epochs: Epochs that the measured steps are.
        start_seconds: Of the first steps, mostly compilation.
        utilization: Of the GPU in [0, 1]; on the CPU the number of busy cores. None if it cannot be read.
        memory_bytes: Largest value of `Steps.read_memory`.
    """

    epoch_seconds: float
    rows_per_second: float
    measured_epochs: float
    start_seconds: float
    utilization: float | None
    memory_bytes: int


@dataclass
class _Usage(threading.Thread):
    """Reads load and memory while the steps run."""

    steps: Steps
    on_gpu: bool
    loads: list[float] = field(default_factory=list)
    memory: int = 0

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self._ended = threading.Event()

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        while not self._ended.wait(_POLL_SECONDS):
            self.memory = max(self.memory, self.steps.read_memory())
            status = read_gpu_status() if self.on_gpu else None
            if status is not None and status.load is not None:
                self.loads.append(status.load)

    def end(self) -> None:
        self._ended.set()
        self.join()
        self.memory = max(self.memory, self.steps.read_memory())


def measure_speed(steps: Steps, device: str, seconds: float) -> Speed:
    """Train for about ``seconds`` after the first steps, in slices of half a second as a run does.

    Args:
        device: ``"cpu"`` or ``"gpu"``.
    """
    pacer, step, trained = Pacer(), 0, 0
    num_steps = steps.num_rows // steps.batch_size
    started = time.perf_counter()
    steps.run(0, min(pacer.next_steps(), num_steps))
    start_seconds = time.perf_counter() - started
    pacer.update(min(pacer.next_steps(), num_steps), start_seconds)
    usage = _Usage(steps, device == "gpu")
    usage.start()
    busy, started = time.process_time(), time.perf_counter()
    while (elapsed := time.perf_counter() - started) < seconds or not trained:
        stop = min(step + pacer.next_steps(), num_steps)
        begun = time.perf_counter()
        steps.run(step, stop)
        pacer.update(stop - step, time.perf_counter() - begun)
        trained += stop - step
        step = stop % num_steps
    elapsed = time.perf_counter() - started
    busy = time.process_time() - busy
    usage.end()
    rows_per_second = trained * steps.batch_size / elapsed
    loads = [busy / elapsed] if device == "cpu" else usage.loads
    return Speed(
        epoch_seconds=steps.num_rows / rows_per_second,
        rows_per_second=rows_per_second,
        measured_epochs=trained / num_steps,
        start_seconds=start_seconds,
        utilization=sum(loads) / len(loads) if loads else None,
        memory_bytes=usage.memory,
    )


def process_memory() -> int:
    """Resident memory of this process in bytes."""
    return int(psutil.Process().memory_info().rss)
