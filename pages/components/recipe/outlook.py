"""Forecast of a run before training: customers, inputs, parameters, time, memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from pages.components.state.cached import load_dataset, workspace
from riskmodel.config.presets import PRESETS, preset
from riskmodel.config.run import RunConfig
from riskmodel.config.sections.preprocessing import PreprocessingConfig, Scaling
from riskmodel.config.sections.split import SplitConfig
from riskmodel.errors import RiskModelError
from riskmodel.features.preprocessor import Preprocessor
from riskmodel.inputs.shape import InputShape
from riskmodel.jobs.supervisor import supervisor_status
from riskmodel.sizing.cores import num_cores, slowdown
from riskmodel.sizing.cost import START_SECONDS, estimate_bytes, estimate_seconds
from riskmodel.sizing.outline import Layer, outline_network
from riskmodel.sizing.size import count_run_parameters
from riskmodel.tables.split import PARTS, Split, make_split

MAX_ROWS = 20_000
"""Up to this number all training rows are used; of more rows, a sample of about half this number."""

PRESET_ROWS = 5_000
"""The same limit for presets that are not selected, of which only the time is shown."""


@dataclass(frozen=True)
class Forecast:
    """Size, time and memory of a run.

    ``sampled`` is True if inputs and parameters were estimated on a sample of the rows. ``num_bytes`` is the peak
    memory of the training without the libraries. ``seconds`` is the time for all epochs on an idle machine, with the
    start of a trainer if ``starts_trainer``; None until a trainer has measured the speed. ``slowdown`` is the factor
    due to other running programs.
    """

    num_train: int
    num_validation: int
    num_test: int
    num_inputs: int
    num_parameters: int
    sampled: bool
    seconds: float | None
    starts_trainer: bool
    num_bytes: int
    layers: tuple[Layer, ...]
    slowdown: float


def forecast(dataset_id: str, config: RunConfig, device: str, max_rows: int = MAX_ROWS) -> Forecast:
    """Forecast a run on ``"cpu"`` or ``"gpu"``, with the split and preprocessing of the run.

    Args:
        max_rows: See `MAX_ROWS`.

    Raises:
        DataError: The run would fail for the same reason.
        ConfigError: An override names a column that does not exist.
    """
    counts = _split(dataset_id, config.split.model_dump_json(), config.seed).counts()
    shape, sampled = _input_shape(
        dataset_id,
        config.split.model_dump_json(),
        config.preprocessing.model_dump_json(),
        config.scalings,
        config.directed,
        config.seed,
        max_rows,
    )
    first = shape.view(config.scalings.index(config.recipes[0].network.natural_scaling))[1]
    speed = workspace().speeds.get(device, config.backend)
    num_workers = 1 if device == "gpu" else num_cores()
    seconds, starts_trainer = None, not is_trainer_ready()
    if speed is not None:
        seconds = estimate_seconds(
            config, shape, counts["train"], counts["validation"], speed, num_workers, counts["test"]
        )
        seconds += START_SECONDS if starts_trainer else 0.0
    return Forecast(
        num_train=counts["train"],
        num_validation=counts["validation"],
        num_test=counts["test"],
        num_inputs=shape.view(0)[1].without_offsets()[1].num_numerical + len(shape.cardinalities),
        num_parameters=count_run_parameters(config, shape),
        sampled=sampled,
        seconds=seconds,
        starts_trainer=starts_trainer,
        num_bytes=estimate_bytes(config, shape, sum(counts[part] for part in PARTS), num_workers),
        layers=outline_network(config.recipes[0].network, first),
        slowdown=slowdown(),
    )


def is_trainer_ready() -> bool:
    """True if a trainer is warm, so that a run starts at once."""
    status = supervisor_status(workspace())
    return status is not None and status.trainer == "ready"


def preset_seconds(dataset_id: str, split: SplitConfig, device: str) -> dict[str, float | None]:
    """Maximum training time of each preset on this dataset, in seconds; None if unknown."""
    seconds: dict[str, float | None] = {}
    num_rows = load_dataset(dataset_id).num_rows
    for name in PRESETS:
        config = preset(name, num_rows)
        try:
            config = config.model_copy(update={"split": split})
            seconds[name] = forecast(dataset_id, config, device, PRESET_ROWS).seconds
        except RiskModelError:  # shown for the configuration itself
            seconds[name] = None
    return seconds


@st.cache_resource(max_entries=8, show_spinner=False)
def _split(dataset_id: str, split_json: str, seed: int) -> Split:
    return make_split(load_dataset(dataset_id), SplitConfig.model_validate_json(split_json), seed)


@st.cache_resource(max_entries=32, show_spinner=False)
def _input_shape(
    dataset_id: str,
    split_json: str,
    preprocessing_json: str,
    scalings: tuple[Scaling, ...],
    directed: dict[str, int],
    seed: int,
    max_rows: int,
) -> tuple[InputShape, bool]:
    dataset = load_dataset(dataset_id)
    rows = _split(dataset_id, split_json, seed).rows("train")
    sampled = len(rows) > max_rows
    if sampled:
        rows = rows[:: int(np.ceil(2 * len(rows) / max_rows))]
    config = PreprocessingConfig.model_validate_json(preprocessing_json)
    preprocessor = Preprocessor(dataset.schema, config, scalings, directed)
    return preprocessor.fit(dataset.table, rows, dataset.bad()).input_shape_, sampled
