"""Forecast of a run on this machine: for Python, the command line and the pages. Does not import Keras."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from riskmodel.config.presets import DEFAULT_PRESET
from riskmodel.config.presets import preset as find_preset
from riskmodel.config.run import RunConfig
from riskmodel.config.search import SearchConfig
from riskmodel.config.sections.backend import Backend
from riskmodel.jobs.devices import choose_device
from riskmodel.jobs.supervisor import supervisor_status
from riskmodel.sizing.backend_choice import check_backend
from riskmodel.sizing.cores import num_cores, slowdown
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.split import make_split
from riskmodel.training.forecast import Forecast, Machine, compute_forecast, fit_inputs
from riskmodel.training.input_data import read_input
from riskmodel.training.searching.search_forecast import SearchForecast, compute_search_forecast, trial_config
from riskmodel.workspace.speeds import Speeds
from riskmodel.workspace.workspace import locate_home

if TYPE_CHECKING:
    import pandas as pd


def forecast(
    data: str | os.PathLike[str] | pd.DataFrame | Dataset,
    *,
    target: str | None = None,
    bad: str | Iterable[str] | None = None,
    good: str | Iterable[str] | None = None,
    identifiers: Iterable[str] = (),
    config: RunConfig | None = None,
    preset: str = DEFAULT_PRESET,
    device: str = "auto",
    home: str | os.PathLike[str] | None = None,
) -> Forecast:
    """Forecast rows, inputs, parameters, time and memory of a run; nothing is trained or stored.

    The data are split and preprocessed as `riskmodel.train` does, above 20,000 training rows on a sample of them. The
    time is known once a run was trained on this machine in the workspace, which measures its speed.

    Args:
        data, target, bad, good, identifiers, config, preset, device: as for `riskmodel.train`.
        home: the workspace's folder, as for `Workspace.open`; it need not exist.

    Raises:
        DataError: the data cannot be read, typed or split, or no column is usable.
        ConfigError: an unknown preset, device or column, no target, or JAX is not installed.

    Example:
        >>> forecast("sample_data/customers.csv", target="defaulted").num_parameters  # doctest: +SKIP
    """
    dataset = read_input(data, target, bad, good, tuple(identifiers))
    chosen = config or find_preset(preset, dataset.num_rows)
    check_backend(chosen.backend)
    machine = describe_machine(locate_home(home), device, chosen.backend)
    split = make_split(dataset, chosen.split, chosen.seed)
    return compute_forecast(chosen, split, fit_inputs(dataset, split, chosen), machine)


def forecast_search(
    dataset: Dataset,
    config: RunConfig,
    search: SearchConfig,
    device: str = "auto",
    home: str | os.PathLike[str] | None = None,
) -> SearchForecast | None:
    """Expected time of a hyperparameter search; nothing is trained or stored. None until a run has measured the speed.

    Args:
        dataset: The customers.
        config: The base configuration.
        search: Fields and limits.
        device, home: As for `forecast`.

    Raises:
        DataError: the customers cannot be split, or no column is usable.
        ConfigError: a field cannot be searched, or JAX is not installed.
    """
    check_backend(config.backend)
    machine = describe_machine(locate_home(home), device, config.backend)
    split, alone = make_split(dataset, config.split, config.seed), trial_config(config)
    return compute_search_forecast(config, search, split, fit_inputs(dataset, split, alone), machine)


def describe_machine(home: Path, device: str, backend: Backend) -> Machine:
    """The machine as a run of a workspace would find it now.

    Args:
        home: the workspace's folder; it need not exist.
        device: ``"auto"``, ``"cpu"`` or ``"gpu"``.

    Raises:
        ConfigError: an unknown device.
    """
    choice = choose_device(device)
    status = supervisor_status(home)
    return Machine(
        device=choice.kind,
        num_workers=1 if choice.kind == "gpu" else num_cores(),
        speed=Speeds(home).get(choice.kind, backend),
        starts_trainer=status is None or status.trainer != "ready",
        slowdown=slowdown(),
        note=choice.note,
    )
