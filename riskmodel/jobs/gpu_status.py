"""Current status of the GPU, from its driver."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass

import pynvml


@dataclass(frozen=True)
class GpuStatus:
    """Status of a GPU; values that the driver does not report are None (a GPU partition reports fewer).

    Attributes:
        name: product name.
        memory_used, memory_total: bytes, of all programs.
        load: recent utilization, in [0, 1].
        temperature: degrees Celsius.
    """

    name: str
    memory_used: int | None
    memory_total: int | None
    load: float | None
    temperature: int | None


def read_gpu_status() -> GpuStatus | None:
    """The status of the GPU used for training, the first visible with ``CUDA_VISIBLE_DEVICES``.

    None without a GPU or if its driver does not respond. Takes some milliseconds: a page that refreshes often
    caches the result for a second.
    """
    first = os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0].strip()
    if first in ("", "-1"):
        return None
    index = int(first) if first.isdecimal() else 0  # a GPU may also be given by a UUID
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError:
        return None
    try:
        handle = pynvml.nvmlDeviceGetHandleByIndex(index)
        name = pynvml.nvmlDeviceGetName(handle)
        used, total, load, temperature = None, None, None, None
        with suppress(pynvml.NVMLError):
            memory = pynvml.nvmlDeviceGetMemoryInfo(handle)
            used, total = int(memory.used), int(memory.total)
        with suppress(pynvml.NVMLError):
            load = pynvml.nvmlDeviceGetUtilizationRates(handle).gpu / 100
        with suppress(pynvml.NVMLError):
            temperature = int(pynvml.nvmlDeviceGetTemperature(handle, pynvml.NVML_TEMPERATURE_GPU))
        return GpuStatus(name if isinstance(name, str) else name.decode(), used, total, load, temperature)
    except pynvml.NVMLError:
        return None
    finally:
        with suppress(pynvml.NVMLError):
            pynvml.nvmlShutdown()
