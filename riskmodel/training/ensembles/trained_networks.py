"""The networks of a run after training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from riskmodel.config.run import RunConfig
from riskmodel.training.engines.blended import BlendedNetwork
from riskmodel.training.fitting.checkpoint import Checkpoint
from riskmodel.training.progress import FitHistory


@dataclass(frozen=True, eq=False)
class TrainedNetworks:
    """Networks that score together.

    Attributes:
        config: That of the run; its network may have been enlarged, or a partner added.
        networks: Each with the inputs it takes and its weight in the mean probability.
        validation_rows: int64 (m,), ascending: the rows predicted by networks not trained on them.
        validation_log_odds: float64 (m,), of the mean of these predictions.
        fit_history: Epochs of all networks.
        notes: Notes for the analyst on larger networks and the blend.
        checkpoint: State after the last epoch, for resuming; None for several networks.
    """

    config: RunConfig
    networks: tuple[BlendedNetwork, ...]
    validation_rows: npt.NDArray[np.int64]
    validation_log_odds: npt.NDArray[np.float64]
    fit_history: FitHistory
    notes: tuple[str, ...] = ()
    checkpoint: Checkpoint | None = None
