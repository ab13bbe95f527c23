"""What the GPU is doing at the moment, asked of its driver."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass

import pynvml


@dataclass(frozen=True)
class GpuStatus:
    """A GPU as it was a moment ago; what the driver does not tell is None (a slice of a GPU tells less).

    Attributes:
        name: as its maker calls it.
        memory_used, memory_total: bytes, of all programs together.
        load: share of the last moment in which it was computing, in [0, 1].
        temperature: degrees Celsius.
    """

    name: str
    memory_used: int | None
    memory_total: int | None
    load: float | None
    temperature: int | None


def read_gpu_status() -> GpuStatus | None:
    """The status of the GPU that training takes, the first of those that ``CUDA_VISIBLE_DEVICES`` leaves.

    None where there is none, or its driver does not answer. Takes some milliseconds: a page that draws itself often
    keeps the answer for a second.
    """
    first = os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0].strip()
    if first in ("", "-1"):
        return None
    index = int(first) if first.isdecimal() else 0  # a GPU may also be named by a longer id
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
