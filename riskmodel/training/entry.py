"""Training for Python users: in this process, or in a subprocess when Keras here is bound to another backend."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from riskmodel.config.presets import DEFAULT_PRESET
from riskmodel.config.presets import preset as find_preset
from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError
from riskmodel.sizing.backend_choice import can_train_here, check_backend, choose_backend
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.split import Split
from riskmodel.training.input_data import read_input
from riskmodel.training.other_process import train_elsewhere
from riskmodel.training.pipeline import train_here
from riskmodel.training.progress import SilentListener, TrainingListener
from riskmodel.training.trained_run import TrainedRun

if TYPE_CHECKING:
    import pandas as pd


def train(
    data: str | os.PathLike[str] | pd.DataFrame | Dataset,
    *,
    target: str | None = None,
    bad: str | Iterable[str] | None = None,
    good: str | Iterable[str] | None = None,
    identifiers: Iterable[str] = (),
    config: RunConfig | None = None,
    preset: str = DEFAULT_PRESET,
    device: str = "auto",
    listener: TrainingListener | None = None,
) -> TrainedRun:
    """Train a risk model, in this process if Keras can use the backend of the config here.

    Keras uses one backend per process, from its first import on. If that is another one, the training runs
    in a subprocess; the result is the same.

    Args:
        data: a file, a data frame, or a dataset with its schema.
        target: the target column; required unless `data` is a `Dataset`.
        bad: values of the target that mean bad; required if it has more than two values of unknown meaning.
        good: values that mean good, all others then being undetermined and not trained on; when None, all values that
            are not bad are good.
        identifiers: columns that identify the customer; not used as inputs.
        config: the configuration; that of the preset when None.
        preset: name of a preset, used when `config` is None.
        device: ``"cpu"``, ``"gpu"``, or ``"auto"``: the GPU where there is one.
        listener: receives the progress and may stop the training.

    Raises:
        DataError: the data cannot be read, typed or split.
        ConfigError: an unknown preset or device, or no target.
        TrainingError: the training diverged.

    Example:
        >>> run = train("sample_data/customers.csv", target="defaulted")  # doctest: +SKIP
        >>> run.metrics["test"].auc  # doctest: +SKIP
    """
    dataset = read_input(data, target, bad, good, tuple(identifiers))
    chosen = config or find_preset(preset, dataset.num_rows)
    return _train_anywhere(dataset, None, chosen, listener or SilentListener(), device)


def train_on_split(
    dataset: Dataset,
    split: Split,
    config: RunConfig,
    *,
    device: str = "auto",
    listener: TrainingListener | None = None,
) -> TrainedRun:
    """Train on a given split; the test set may be empty. Process, other arguments and errors as for `train`."""
    return _train_anywhere(dataset, split, config, listener or SilentListener(), device)


def _train_anywhere(
    dataset: Dataset, split: Split | None, config: RunConfig, listener: TrainingListener, device: str
) -> TrainedRun:
    if device not in ("auto", "cpu", "gpu"):
        raise ConfigError(f"Device must be 'auto', 'cpu' or 'gpu'; received {device!r}.")
    check_backend(config.backend)
    if not can_train_here(config.backend):
        return train_elsewhere(dataset, split, config, listener, device)
    choose_backend(config.backend)
    return train_here(dataset, split, config, listener, device)
