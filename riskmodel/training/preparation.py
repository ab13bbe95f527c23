"""Preprocessing of a run as training fits it, for training and for forecasts. Does not import Keras."""

from __future__ import annotations

import json
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from riskmodel.config.blocks.monotone import MonotoneConfig
from riskmodel.config.run import RunConfig
from riskmodel.features.preprocessor import Preprocessor
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.split import Split
from riskmodel.training.directions import resolve_directions


class Preparation(NamedTuple):
    """How the inputs of a run are made.

    Attributes:
        config: The configuration with the directions of monotone columns resolved.
        preprocessor: Not yet fitted.
        rows: int64 (m,), the rows to fit it to.
    """

    config: RunConfig
    preprocessor: Preprocessor
    rows: npt.NDArray[np.int64]


def prepare(dataset: Dataset, split: Split, config: RunConfig, stride: int = 1) -> Preparation:
    """The preprocessing of a run.

    Args:
        stride: Use each ``stride``-th row only, for an estimate.

    Raises:
        ConfigError: An override names a column that does not exist.
    """
    config = resolve_directions(config, dataset, split.rows("train")[::stride])
    preprocessor = Preprocessor(dataset.schema, config.preprocessing, config.scalings, config.directed)
    return Preparation(config, preprocessor, fitted_rows(split, config)[::stride])


def preparation_key(config: RunConfig) -> str:
    """The settings on which `prepare` and the split depend, as JSON; equal for equal inputs."""
    monotone = [
        (network.monotone, network.increasing, network.decreasing)
        for network in config.networks
        if isinstance(network, MonotoneConfig)
    ]
    split, preprocessing = config.split.model_dump(mode="json"), config.preprocessing.model_dump(mode="json")
    return json.dumps([split, preprocessing, config.seed, config.scalings, bool(config.ensemble.folds), monotone])


def fitted_rows(split: Split, config: RunConfig) -> npt.NDArray[np.int64]:
    """Rows for fitting the preprocessing, ascending: training, and with folds also validation."""
    if not config.ensemble.folds:
        return split.rows("train")
    return np.sort(np.concatenate([split.rows("train"), split.rows("validation")]))
