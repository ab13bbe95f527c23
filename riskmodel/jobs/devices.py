"""Devices for training, as reported by the driver, without importing TensorFlow."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil
import pynvml

from riskmodel.errors import ConfigError
from riskmodel.sizing.cores import num_cores
from riskmodel.wording import count, size

DeviceKind = Literal["cpu", "gpu"]

LEAST_FREE_BYTES = 1 << 30
"""Minimum free memory of a usable GPU in bytes: TensorFlow itself needs about half of it."""


@dataclass(frozen=True)
class Device:
    """A device for training.

    Attributes:
        name: product name.
        kind: ``"cpu"`` or ``"gpu"``.
        memory_total, memory_free: bytes; None if unknown.
        utilization: share of time in use, in [0, 1]; None if unknown.
    """

    name: str
    kind: DeviceKind
    memory_total: int | None
    memory_free: int | None
    utilization: float | None


@dataclass(frozen=True)
class DeviceChoice:
    """The device of a run.

    Attributes:
        kind: ``"cpu"`` or ``"gpu"``.
        note: reason if the device differs from the request or is not obvious; else empty.
    """

    kind: DeviceKind
    note: str


def list_devices() -> tuple[Device, ...]:
    """Every GPU visible to the driver, then the CPU."""
    gpus, _ = _find_gpus()
    return (*gpus, _cpu())


def choose_device(requested: str) -> DeviceChoice:
    """The device for training; falls back to the CPU with a reason if the GPU is missing or in use.

    Args:
        requested: ``"auto"`` (a GPU with enough free memory, if any), ``"cpu"`` or ``"gpu"``.

    Raises:
        ConfigError: anything else.
    """
    if requested not in ("auto", "cpu", "gpu"):
        raise ConfigError(f"The device must be auto, cpu or gpu; received {requested!r}.")
    if requested == "cpu":
        return DeviceChoice("cpu", "")
    gpus, absence = _find_gpus()
    if not gpus:
        return DeviceChoice("cpu", f"{absence} Training on the CPU." if requested == "gpu" else "")
    first = gpus[0]
    if first.memory_free is not None and first.memory_free < LEAST_FREE_BYTES:
        free = f"{first.name} has only {size(first.memory_free)} free; other programs use it."
        return DeviceChoice("cpu", f"{free} Training on the CPU.")
    return DeviceChoice("gpu", f"Training on {first.name}." if requested == "auto" else "")


def _find_gpus() -> tuple[tuple[Device, ...], str]:
    """The GPUs, and the reason if there are none."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None and visible.strip() in ("", "-1"):
        return (), "GPUs are hidden from this program by CUDA_VISIBLE_DEVICES."
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        return (), f"There is no NVIDIA GPU on this machine that can be used ({error})."
    try:
        handles = [pynvml.nvmlDeviceGetHandleByIndex(index) for index in range(pynvml.nvmlDeviceGetCount())]
        return tuple(_gpu(handle) for handle in handles), "There is no NVIDIA GPU on this machine."
    except pynvml.NVMLError as error:
        return (), f"The GPU's driver does not answer ({error})."
    finally:
        pynvml.nvmlShutdown()


def _gpu(handle: object) -> Device:
    name = pynvml.nvmlDeviceGetName(handle)
    total, free, used_share = None, None, None
    try:
        memory = pynvml.nvmlDeviceGetMemoryInfo(handle)
        total, free = int(memory.total), int(memory.free)
        used_share = pynvml.nvmlDeviceGetUtilizationRates(handle).gpu / 100
    except pynvml.NVMLError:  # a GPU partition (MIG) and some drivers do not report everything
        pass
    return Device(name if isinstance(name, str) else name.decode(), "gpu", total, free, used_share)


def _cpu() -> Device:
    cores = num_cores()
    memory = psutil.virtual_memory()
    busy = min(psutil.getloadavg()[0] / cores, 1.0)
    name = f"{_cpu_model()}, {count(cores, 'core')}"
    return Device(name, "cpu", int(memory.total), int(memory.available), busy)


def _cpu_model() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8", errors="replace").splitlines() if info.is_file() else []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, "") or platform.processor() or "CPU"
