"""Measured training speed of this machine."""

from __future__ import annotations

from pathlib import Path

from riskmodel.config.sections.backend import Backend
from riskmodel.sizing.cost import MachineSpeed
from riskmodel.workspace.storage.files import write_text


class Speeds:
    """The measured speed of each kind of device under each backend; the best of several measurements is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, device: str, backend: Backend = "tensorflow") -> MachineSpeed | None:
        """The speed of ``"cpu"`` or ``"gpu"``; None before a trainer has measured it."""
        try:
            return MachineSpeed.from_json(self._path(device, backend).read_bytes())
        except OSError:
            return None

    def add(self, device: str, speed: MachineSpeed, backend: Backend = "tensorflow") -> None:
        """Add a measurement; the best is kept, since other programs can only slow it down."""
        known = self.get(device, backend)
        best = speed.best_of(known)
        if best != known:
            write_text(self._path(device, backend), best.to_json())

    def _path(self, device: str, backend: Backend) -> Path:
        kind = device if backend == "tensorflow" else f"{device}-{backend}"
        return self._folder / f"speed-{kind}.json"
