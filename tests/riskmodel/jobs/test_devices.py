"""Devices reported by a simulated driver, the chosen one, and their descriptions."""

from collections.abc import Callable
from types import SimpleNamespace

import pynvml
import pytest

from riskmodel.errors import ConfigError
from riskmodel.jobs import devices
from riskmodel.jobs.devices import Device, DeviceChoice, choose_device, list_devices

GB = 1_000_000_000


@pytest.fixture(autouse=True)
def visible_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


@pytest.fixture
def no_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)

    monkeypatch.setattr(pynvml, "nvmlInit", refuse)


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """A driver with two GPUs, the first with the given number of free bytes."""

    def show(free: int) -> None:
        memory = {0: SimpleNamespace(total=80 * GB, free=free), 1: SimpleNamespace(total=80 * GB, free=80 * GB)}
        answers = {
            "nvmlInit": lambda: None,
            "nvmlShutdown": lambda: None,
            "nvmlDeviceGetCount": lambda: 2,
            "nvmlDeviceGetHandleByIndex": lambda index: index,
            "nvmlDeviceGetName": lambda index: f"NVIDIA H{index}",
            "nvmlDeviceGetMemoryInfo": memory.__getitem__,
            "nvmlDeviceGetUtilizationRates": lambda index: SimpleNamespace(gpu=25),
        }
        for name, answer in answers.items():
            monkeypatch.setattr(pynvml, name, answer)

    return show


def test_the_cpu_is_always_there(no_driver: None) -> None:
    (cpu,) = list_devices()
    assert cpu.kind == "cpu" and "core" in cpu.name
    assert cpu.memory_total is not None and cpu.memory_free is not None
    assert 0 < cpu.memory_free <= cpu.memory_total
    assert cpu.utilization is not None and 0 <= cpu.utilization <= 1


def test_gpus_come_first_with_their_memory(driver: Callable[[int], None]) -> None:
    driver(70 * GB)
    first, second, cpu = list_devices()
    assert first == Device("NVIDIA H0", "gpu", 80 * GB, 70 * GB, 0.25)
    assert (second.name, cpu.kind) == ("NVIDIA H1", "cpu")


def test_a_driver_that_hides_figures_still_shows_the_gpu(
    driver: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    driver(70 * GB)

    def refuse(handle: object) -> None:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)

    monkeypatch.setattr(pynvml, "nvmlDeviceGetMemoryInfo", refuse)
    assert list_devices()[0] == Device("NVIDIA H0", "gpu", None, None, None)
    assert choose_device("gpu") == DeviceChoice("gpu", "")


def test_a_gpu_is_taken_where_there_is_one(driver: Callable[[int], None]) -> None:
    driver(70 * GB)
    assert choose_device("auto") == DeviceChoice("gpu", "Training on NVIDIA H0.")
    assert choose_device("gpu") == DeviceChoice("gpu", "")
    assert choose_device("cpu") == DeviceChoice("cpu", "")


def test_without_a_gpu_the_cpu_is_used_with_a_note_if_a_gpu_was_requested(no_driver: None) -> None:
    assert choose_device("auto") == DeviceChoice("cpu", "")
    choice = choose_device("gpu")
    assert choice.kind == "cpu"
    assert choice.note.startswith("There is no NVIDIA GPU on this machine that can be used")
    assert choice.note.endswith("Training on the CPU.")


def test_a_gpu_in_use_falls_back_with_its_free_memory(driver: Callable[[int], None]) -> None:
    driver(300_000_000)
    for requested in ("auto", "gpu"):
        assert choose_device(requested) == DeviceChoice(
            "cpu", "NVIDIA H0 has only 300 MB free; other programs use it. Training on the CPU."
        )


@pytest.mark.parametrize("value", ["", "-1"])
def test_gpus_hidden_by_the_environment_are_not_promised(
    driver: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    driver(70 * GB)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", value)
    assert [device.kind for device in list_devices()] == ["cpu"]
    assert choose_device("gpu").note == (
        "GPUs are hidden from this program by CUDA_VISIBLE_DEVICES. Training on the CPU."
    )


def test_a_device_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ConfigError, match="must be auto, cpu or gpu; received 'tpu'"):
        choose_device("tpu")


def test_the_cpu_has_a_default_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices.Path, "is_file", lambda self: False)
    monkeypatch.setattr(devices.platform, "processor", lambda: "")
    assert list_devices()[-1].name.startswith("CPU, ")
