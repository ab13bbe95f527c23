"""State of a network's training after an epoch, for resuming later."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

import numpy as np
import numpy.typing as npt

from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError, TrainingError
from riskmodel.training.progress import EpochResult

Arrays = Sequence[npt.NDArray[Any]]

_STATE = "state"
_FORMAT = 1


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """State that the next epoch depends on, other than the data and the configuration.

    Attributes:
        backend: the Keras backend; training resumes only on the same one.
        history: the epochs so far.
        weights: of every variable of the model at the end of training, including seed-generator states.
        best_weights: the same for the best epoch.
        slots: the optimizer's slots, by trained weight.
        best: result of `BestEpoch.to_dict`.
        schedule: result of `Schedule.to_dict`.
        random: state of the generator of each epoch's order of customers.
        first_loss: of the first slice, for detecting divergence.
        config: of its run, while a larger network is trained that the run may have afterwards; else None.
    """

    backend: str
    history: tuple[EpochResult, ...]
    weights: Arrays
    best_weights: Arrays
    slots: Sequence[Arrays]
    best: Mapping[str, Any]
    schedule: Mapping[str, Any]
    random: Mapping[str, Any]
    first_loss: float | None
    config: RunConfig | None = None

    def write(self, stream: IO[bytes]) -> None:
        """Write it as ``npz``: arrays, and JSON for the rest. Equal last and best weights are stored once."""
        last_is_best = all(np.array_equal(*pair) for pair in zip(self.weights, self.best_weights, strict=True))
        values = {
            "format": _FORMAT,
            "backend": self.backend,
            "history": [result.to_dict() for result in self.history],
            "best": dict(self.best),
            "schedule": dict(self.schedule),
            "random": dict(self.random),
            "first_loss": self.first_loss,
            "config": self.config and json.loads(self.config.to_json()),
            "num_weights": len(self.weights),
            "num_slots": [len(own) for own in self.slots],
            "last_is_best": last_is_best,
        }
        arrays = {f"weights/{place}": array for place, array in enumerate(self.weights)}
        if not last_is_best:
            arrays |= {f"best/{place}": array for place, array in enumerate(self.best_weights)}
        for place, own in enumerate(self.slots):
            arrays |= {f"slots/{place}/{number}": array for number, array in enumerate(own)}
        arrays[_STATE] = np.frombuffer(json.dumps(values).encode(), np.uint8)
        np.savez(stream, **arrays)  # type: ignore[arg-type]

    @classmethod
    def read(cls, path: str | os.PathLike[str]) -> Checkpoint:
        """Read the file of `write`.

        Raises:
            TrainingError: the file is missing, damaged, or of another version of the program.
        """
        try:
            with Path(path).open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
                return cls._from(arrays)
        except FileNotFoundError as error:
            raise TrainingError(
                f"The training cannot be resumed: the file {os.fspath(path)} is missing. Restore it from a copy, or "
                "train again."
            ) from error
        except (
            ConfigError,
            ValueError,
            KeyError,
            TypeError,
            EOFError,
            RuntimeError,
            zipfile.BadZipFile,
            OSError,
        ) as error:
            raise TrainingError(
                f"The training cannot be resumed: the file {os.fspath(path)} is damaged, or of another version of "
                f"the program ({error}). Restore it from a copy, or train again."
            ) from error

    @classmethod
    def _from(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Checkpoint:
        values = json.loads(arrays[_STATE].tobytes())
        if values["format"] != _FORMAT:
            raise ValueError(f"format {values['format']}")
        weights = [arrays[f"weights/{place}"] for place in range(values["num_weights"])]
        best = weights if values["last_is_best"] else [arrays[f"best/{place}"] for place in range(len(weights))]
        return cls(
            backend=values["backend"],
            history=tuple(EpochResult.from_dict(result) for result in values["history"]),
            weights=weights,
            best_weights=best,
            slots=[
                [arrays[f"slots/{place}/{number}"] for number in range(count)]
                for place, count in enumerate(values["num_slots"])
            ],
            best=values["best"],
            schedule=values["schedule"],
            random=values["random"],
            first_loss=values["first_loss"],
            config=RunConfig.from_dict(values["config"]) if values.get("config") else None,
        )

    def check_fits(self, backend: str, variables: Sequence[Any], num_slots: int) -> None:
        """Raise `TrainingError` unless a network of these variables and this optimizer can resume from it."""
        here = [tuple(variable.shape) for variable in variables], num_slots
        kept = [array.shape for array in self.weights], len(self.slots)
        if backend != self.backend or here != kept:
            raise TrainingError(
                "The checkpoint does not fit the network that its configuration builds now: the program or a "
                "library has changed since. Train again from the beginning, with more epochs."
            )


EpochEnd = Callable[[bool, Callable[[], Checkpoint]], None]
"""Called after an epoch: whether it is the best so far, and a function that makes its checkpoint."""


class MemberStore(Protocol):
    """Stores checkpoints of an ensemble's networks and reads those of an earlier training of it."""

    @property
    def history(self) -> Sequence[EpochResult]:
        """The reported epochs of the earlier training; empty if there was none."""

    def read(self, name: str) -> Checkpoint | None:
        """A network's checkpoint; None if it is trained from the beginning."""

    def is_due(self, name: str, is_done: bool) -> bool:
        """Whether to write a network now, after an epoch."""

    def write(self, name: str, history: Sequence[EpochResult], checkpoint: Checkpoint) -> None:
        """Write the reported epochs, then a network; calls are serialized."""


@dataclass(frozen=True)
class Checkpoints:
    """The checkpoints that a training reads and writes; none by default.

    Attributes:
        resumed: Of an earlier training of the same single network, to be resumed.
        on_epoch_end: Called after each epoch of a single network.
        keep: Called with the checkpoint of a trained network before a larger one is trained, and with that of a larger
            one that replaces it. It has a configuration.
        store: Those of an ensemble's networks, including those of an earlier training.
    """

    resumed: Checkpoint | None = None
    on_epoch_end: EpochEnd | None = None
    keep: Callable[[Checkpoint], None] = lambda _: None
    store: MemberStore | None = None


NO_CHECKPOINTS = Checkpoints()
"""A training from the beginning that cannot be resumed."""


class NoStore:
    """A store that keeps nothing."""

    history: Sequence[EpochResult] = ()

    def read(self, name: str) -> Checkpoint | None:
        """Always None."""
        return None

    def is_due(self, name: str, is_done: bool) -> bool:
        """Never."""
        return False

    def write(self, name: str, history: Sequence[EpochResult], checkpoint: Checkpoint) -> None:
        """Never called."""
