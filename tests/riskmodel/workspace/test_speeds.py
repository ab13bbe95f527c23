"""The best measured speed of the machine is stored."""

from riskmodel.sizing.cost import MachineSpeed
from riskmodel.workspace.workspace import Workspace


def test_the_best_of_all_measurements_stays(workspace: Workspace) -> None:
    assert workspace.speeds.get("cpu") is None
    workspace.speeds.add("cpu", MachineSpeed(1e9, 2e-6))
    workspace.speeds.add("cpu", MachineSpeed(3e9, 4e-6))
    workspace.speeds.add("cpu", MachineSpeed(2e9, 9e-6))
    assert workspace.speeds.get("cpu") == MachineSpeed(3e9, 2e-6)
    assert workspace.speeds.get("gpu") is None


def test_each_backend_has_a_speed_of_its_own(workspace: Workspace) -> None:
    workspace.speeds.add("cpu", MachineSpeed(1e9, 2e-6))
    assert workspace.speeds.get("cpu", "jax") is None
    workspace.speeds.add("cpu", MachineSpeed(4e9, 1e-6), "jax")
    assert workspace.speeds.get("cpu", "jax") == MachineSpeed(4e9, 1e-6)
    assert workspace.speeds.get("cpu") == MachineSpeed(1e9, 2e-6)


def test_a_damaged_file_is_measured_anew(workspace: Workspace) -> None:
    (workspace.home / "speed-cpu.json").write_text("{")
    assert workspace.speeds.get("cpu") is None
    workspace.speeds.add("cpu", MachineSpeed(1e9, 2e-6))
    assert workspace.speeds.get("cpu") == MachineSpeed(1e9, 2e-6)
    assert (workspace.home / "speed-cpu.json").stat().st_mode & 0o777 == 0o600
