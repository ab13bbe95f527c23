"""Load of the GPU, from a simulated driver, since the test machine may have none."""

from types import SimpleNamespace

import pynvml
import pytest

from riskmodel.jobs.gpu_status import GpuStatus, read_gpu_status

GB = 1_000_000_000


def refuse(*_: object) -> None:
    raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A simulated driver with two GPUs; its reports can be changed."""
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    answers = {
        "nvmlInit": lambda: None,
        "nvmlShutdown": lambda: None,
        "nvmlDeviceGetHandleByIndex": lambda index: index,
        "nvmlDeviceGetName": lambda index: f"NVIDIA H10{index}",
        "nvmlDeviceGetMemoryInfo": lambda index: SimpleNamespace(total=80 * GB, used=20 * GB, free=60 * GB),
        "nvmlDeviceGetUtilizationRates": lambda index: SimpleNamespace(gpu=45, memory=3),
        "nvmlDeviceGetTemperature": lambda index, sensor: 61 if sensor == pynvml.NVML_TEMPERATURE_GPU else -1,
    }
    for name, answer in answers.items():
        monkeypatch.setattr(pynvml, name, answer)
    return monkeypatch


def test_name_memory_load_and_temperature(driver: pytest.MonkeyPatch) -> None:
    assert read_gpu_status() == GpuStatus("NVIDIA H100", 20 * GB, 80 * GB, 0.45, 61)


def test_it_is_the_gpu_that_training_takes(driver: pytest.MonkeyPatch) -> None:
    driver.setenv("CUDA_VISIBLE_DEVICES", "1,0")
    found = read_gpu_status()
    assert found is not None and found.name == "NVIDIA H101"
    driver.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert read_gpu_status() is None


def test_values_that_the_driver_does_not_have_are_none(driver: pytest.MonkeyPatch) -> None:
    driver.setattr(pynvml, "nvmlDeviceGetName", lambda index: b"NVIDIA H100 MIG 1g.10gb")
    driver.setattr(pynvml, "nvmlDeviceGetUtilizationRates", refuse)
    driver.setattr(pynvml, "nvmlDeviceGetTemperature", refuse)
    assert read_gpu_status() == GpuStatus("NVIDIA H100 MIG 1g.10gb", 20 * GB, 80 * GB, None, None)


@pytest.mark.parametrize("broken", ["nvmlInit", "nvmlDeviceGetHandleByIndex", "nvmlDeviceGetName"])
def test_without_a_driver_or_a_gpu_there_is_no_status(driver: pytest.MonkeyPatch, broken: str) -> None:
    driver.setattr(pynvml, broken, refuse)
    assert read_gpu_status() is None
