"""Checkpoint files of an ensemble in training."""

from __future__ import annotations

import json
from pathlib import Path

from riskmodel.errors import TrainingError
from riskmodel.training.fitting.checkpoint import Checkpoint
from riskmodel.training.progress import EpochResult

CURVE_FILE = "curve.json"


class MemberFiles:
    """A folder with one checkpoint per network, named after it, and the reported epochs of all networks.

    The epochs are written before a checkpoint, so that none of them is missing. Earlier versions of the program stored
    means over several networks; they are ignored, and the epochs of the checkpoints are reported again.

    Args:
        folder: need not exist.

    Raises:
        TrainingError: the curve is damaged, or written by another version of the program.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.history = self._read_curve()
        """The reported epochs at opening."""

    def _read_curve(self) -> tuple[EpochResult, ...]:
        try:
            values = json.loads((self.folder / CURVE_FILE).read_text(encoding="utf-8"))
            return tuple(result for result in map(EpochResult.from_dict, values) if result.network)
        except FileNotFoundError:
            return ()
        except (ValueError, TypeError) as error:
            raise TrainingError(
                f"The curve of the networks that were saved cannot be read ({error}): the file is damaged, or of "
                "another version of the program. Train again."
            ) from error

    def path(self, name: str) -> Path:
        """Path of a network's checkpoint."""
        return self.folder / f"{name}.npz"

    def read(self, name: str) -> Checkpoint | None:
        """A network's checkpoint; None if it was not saved.

        Raises:
            TrainingError: as `Checkpoint.read`.
        """
        return Checkpoint.read(self.path(name)) if self.path(name).is_file() else None
