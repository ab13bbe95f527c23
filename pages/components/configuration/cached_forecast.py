"""Forecasts of the Train page, with cached splits and inputs."""

from __future__ import annotations

import streamlit as st

from pages.components.state.cached import load_dataset, workspace
from riskmodel.config.presets import PRESETS, preset
from riskmodel.config.run import RunConfig
from riskmodel.config.sections.split import SplitConfig
from riskmodel.errors import RiskModelError
from riskmodel.jobs.forecast import describe_machine
from riskmodel.tables.split import Split, make_split
from riskmodel.training.forecast import MAX_ROWS, FittedInputs, Forecast, compute_forecast, fit_inputs
from riskmodel.training.preparation import preparation_key

TIME_ROWS = 5_000
"""Maximum number of rows to which the preprocessing is fitted where only the time is shown."""


def forecast(dataset_id: str, config: RunConfig, device: str, max_rows: int = MAX_ROWS) -> Forecast:
    """Forecast a run on ``"cpu"`` or ``"gpu"``; see `riskmodel.training.forecast.compute_forecast`.

    Raises:
        DataError: The run would fail for the same reason.
        ConfigError: An override names a column that does not exist.
    """
    split = cached_split(dataset_id, config.split.model_dump_json(), config.seed)
    inputs = cached_inputs(dataset_id, preparation_key(config), max_rows, config)
    return compute_forecast(config, split, inputs, describe_machine(workspace().home, device, config.backend))


def preset_seconds(dataset_id: str, split: SplitConfig, device: str) -> dict[str, float | None]:
    """Expected training time of each preset on this dataset, in seconds; None if unknown."""
    seconds: dict[str, float | None] = {}
    num_rows = load_dataset(dataset_id).num_rows
    for name in PRESETS:
        config = preset(name, num_rows).model_copy(update={"split": split})
        try:
            seconds[name] = forecast(dataset_id, config, device, TIME_ROWS).expected_seconds
        except RiskModelError:  # shown for the configuration itself
            seconds[name] = None
    return seconds


@st.cache_resource(max_entries=8, show_spinner=False)
def cached_split(dataset_id: str, split_json: str, seed: int) -> Split:
    """The split of a dataset by a `SplitConfig` as JSON."""
    return make_split(load_dataset(dataset_id), SplitConfig.model_validate_json(split_json), seed)


@st.cache_resource(max_entries=32, show_spinner=False)
def cached_inputs(dataset_id: str, key: str, max_rows: int, _config: RunConfig) -> FittedInputs:
    """The inputs of the first configuration with this `preparation_key`."""
    split = cached_split(dataset_id, _config.split.model_dump_json(), _config.seed)
    return fit_inputs(load_dataset(dataset_id), split, _config, max_rows)
