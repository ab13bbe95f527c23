"""Expected time of a search before it starts, and of the rest of a running one. Does not import Keras."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from riskmodel.config.ensemble import EnsembleConfig
from riskmodel.config.run import RunConfig
from riskmodel.config.search import SearchConfig
from riskmodel.config.search_space import Dimension, has_effect, search_space, with_values
from riskmodel.errors import RiskModelError
from riskmodel.sizing.cost import START_SECONDS, TRIAL_SAVING_SECONDS
from riskmodel.tables.split import Split
from riskmodel.training.forecast import FittedInputs, Machine, compute_forecast
from riskmodel.training.searching.trial import LASTING, LEAST_TO_COMPARE, TrialResult
from riskmodel.wording import count, duration

NUM_DRAWN = 24
"""Configurations drawn from the search space; the mean of their times is the expected time of a trial."""

PRUNED_SHARE = 0.7
"""Expected share of the time of a trial that is trained when trials can be pruned."""

MAX_TRIALS = 10_000
"""Maximum number of trials of a search."""


@dataclass(frozen=True)
class SearchForecast:
    """Expected time of a search on an idle machine.

    Attributes:
        seconds: Of the whole search, with the start of a trainer if needed.
        trial_seconds: Of a trial that is not pruned, the mean over the search space.
        num_trials: Trials in this time.
        is_limited_by_time: Whether the time limit ends the search before its number of trials.
    """

    seconds: float
    trial_seconds: float
    num_trials: int
    is_limited_by_time: bool

    def describe(self) -> str:
        """Time, trials and assumption.

        Example:
            >>> SearchForecast(130.0, 10.0, 20, False).describe()
            'expected time 2 min 10 s: 20 trials of about 10 s each, less where they are pruned, on an idle machine'
        """
        trials = count(self.num_trials, "trial")
        about = f"about {self.num_trials:,} trials" if self.is_limited_by_time else trials
        times = f"{about} of about {duration(self.trial_seconds)} each"
        return f"expected time {duration(self.seconds)}: {times}, less where they are pruned, on an idle machine"


def trial_config(base: RunConfig) -> RunConfig:
    """The configuration of trial 1: the first network of ``base`` alone, which is not enlarged."""
    training = base.training.model_copy(update={"enlarge": False})
    return base.model_copy(update={"ensemble": EnsembleConfig(), "training": training})


def compute_search_forecast(
    base: RunConfig, search: SearchConfig, split: Split, inputs: FittedInputs, machine: Machine
) -> SearchForecast | None:
    """Expected time of a search; None if the speed of the machine is not known.

    ``seconds = start + t₁ + Σ t · s``: t₁ is the expected time of a run of trial 1, without saving a model; t is the
    mean of such times of configurations drawn at random from the search space (with the preprocessing of the base); s
    is the share of a trial that is trained, below 1 once trials can be pruned. The time limit ends the search, but
    never trial 1.

    Args:
        base: The base configuration.
        search: Fields and limits, valid for ``base``.
        split, inputs, machine: As for `riskmodel.training.forecast.compute_forecast` of `trial_config`.

    Raises:
        ConfigError: A field cannot be searched.
    """
    first_config = trial_config(base)
    first = compute_forecast(first_config, split, inputs, machine).expected_seconds
    if first is None:
        return None
    start = START_SECONDS if machine.starts_trainer else 0.0
    beyond = start + TRIAL_SAVING_SECONDS
    drawn: list[float] = []
    space, random = search_space(base, search), np.random.default_rng(search.seed)
    for _ in range(NUM_DRAWN):
        try:
            config = with_values(first_config, _draw_values(space, base, random))
            seconds = compute_forecast(config, split, inputs, machine).expected_seconds
        except RiskModelError:  # such a trial fails at once
            continue
        drawn.append(seconds or 0.0)
    mean = float(np.mean(drawn)) - beyond if drawn else first - beyond
    return _limited(start, first - beyond, mean, search)


def _limited(start: float, first: float, mean: float, search: SearchConfig) -> SearchForecast:
    """The time of all trials, or of those within the time limit."""
    limit = math.inf if search.minutes is None else 60.0 * search.minutes
    max_trials = MAX_TRIALS if search.trials is None else search.trials
    num_trials, seconds = 1, first
    while num_trials < max_trials and seconds < limit:
        seconds += mean * (PRUNED_SHARE if search.pruning and num_trials >= LEAST_TO_COMPARE else 1.0)
        num_trials += 1
    is_limited = seconds > limit
    return SearchForecast(start + max(first, min(seconds, limit)), mean, num_trials, is_limited)


def remaining_seconds(trials: Sequence[TrialResult], search: SearchConfig) -> float | None:
    """Expected time until a running search ends, from the mean time of its ended trials; None before the first.

    Args:
        trials: In order; the last one may be running.
        search: Its limits.
    """
    done = [trial.seconds for trial in trials if trial.state in LASTING]
    if not done:
        return None
    spent = sum(trial.seconds for trial in trials)
    left = []
    if search.trials is not None:
        running = sum(trial.seconds for trial in trials if trial.state == "running")
        left.append((search.trials - len(done)) * sum(done) / len(done) - running)
    if search.minutes is not None:
        left.append(60.0 * search.minutes - spent)
    return max(min(left), 0.0)


def _draw_values(space: Sequence[Dimension], base: RunConfig, random: np.random.Generator) -> dict[str, Any]:
    """Values by path, uniform on the scale of each range; the preprocessing stays that of the base."""
    values: dict[str, Any] = {}
    for dimension in space:
        if has_effect(dimension, base, values):
            values[dimension.path] = _draw(dimension, random)
    return {path: value for path, value in values.items() if not path.startswith("preprocessing.")}


def _draw(dimension: Dimension, random: np.random.Generator) -> Any:
    if dimension.kind == "option":
        return dimension.options[int(random.integers(len(dimension.options)))]
    if dimension.log:
        value = math.exp(random.uniform(math.log(dimension.low), math.log(dimension.high)))
    else:
        value = random.uniform(dimension.low, dimension.high)
    return round(value) if dimension.kind == "integer" else dimension.rounded(value)
