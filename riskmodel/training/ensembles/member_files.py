"""The networks of an ensemble on the disk while it is trained."""

from __future__ import annotations

import json
from pathlib import Path

from riskmodel.errors import TrainingError
from riskmodel.training.fitting.checkpoint import Checkpoint
from riskmodel.training.progress import EpochResult

CURVE_FILE = "curve.json"


class MemberFiles:
    """A folder of one checkpoint per network, named after it, and the epochs of all networks that were reported.

    These are written before a checkpoint, so that none of its epochs is missing. An earlier version of the program kept
    means over several networks there; they are left out, and the epochs of the checkpoints are reported again.

    Args:
        folder: need not be there.

    Raises:
        TrainingError: the curve is damaged, or another version of the program wrote it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.history = self._read_curve()
        """The epochs of the curve when this was opened."""

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
        """Of the checkpoint of a network."""
        return self.folder / f"{name}.npz"

    def read(self, name: str) -> Checkpoint | None:
        """Where a network stood; None if it was not saved.

        Raises:
            TrainingError: as `Checkpoint.read`.
        """
        return Checkpoint.read(self.path(name)) if self.path(name).is_file() else None
