"""The networks and the customers of the comparison."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from riskmodel.config.ensemble import Learner
from riskmodel.config.presets import preset
from riskmodel.features.model_input import ModelInput, aligned_zeros
from riskmodel.inputs.shape import InputShape

SIZES = (24_000, 300_000, 3_000_000)
"""Training customers."""

LEVELS = (8, 50, 300)
NUM_NUMBERS = 40
SHAPE = InputShape(NUM_NUMBERS, LEVELS)


def list_networks(num_rows: int) -> dict[str, Learner]:
    """The networks of the presets ``mission``, ``fast`` and ``best`` for ``num_rows`` customers, each once, by name."""
    named = {name: preset(name, num_rows).learners[0] for name in ("mission", "fast")}
    learners = preset("best", num_rows).learners
    for place, learner in enumerate(learners, start=1):
        if learner not in named.values():
            named[f"best, {place} of {len(learners)}: {learner.network.label()}"] = learner
    return named


def make_customers(num_rows: int) -> tuple[ModelInput, npt.NDArray[np.int8]]:
    """Scaled numbers and levels of categories, and outcomes that depend on some of them; about a fifth is bad."""
    random = np.random.default_rng(0)
    numbers = aligned_zeros((num_rows, NUM_NUMBERS), np.float32)
    random.standard_normal(out=numbers, dtype=np.float32)
    levels = np.stack([random.integers(0, count, num_rows, np.int32) for count in LEVELS], axis=1)
    log_odds = numbers[:, 0] + numbers[:, 1] * numbers[:, 2] + 0.5 * (levels[:, 0] == 3) - 1.8
    return ModelInput(numbers, levels), (random.random(num_rows) < 1 / (1 + np.exp(-log_odds))).astype(np.int8)
