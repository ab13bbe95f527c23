"""Expected time of a search, by hand from the time of its trials."""

from dataclasses import replace

import pytest

from riskmodel.config.presets import preset
from riskmodel.config.run import RunConfig
from riskmodel.config.search import SearchConfig
from riskmodel.sizing.cost import START_SECONDS, TRIAL_SAVING_SECONDS, MachineSpeed
from riskmodel.tables.split import make_split
from riskmodel.training.forecast import Machine, compute_forecast, fit_inputs
from riskmodel.training.searching.search_forecast import (
    PRUNED_SHARE,
    SearchForecast,
    compute_search_forecast,
    remaining_seconds,
    trial_config,
)
from riskmodel.training.searching.trial import LEAST_TO_COMPARE, TrialResult, TrialState
from tests.riskmodel.workspace.examples import sample_dataset

MACHINE = Machine("cpu", 2, MachineSpeed(1e10, 2e-6), starts_trainer=False)
MISSION = preset("mission")


def expect(base: RunConfig, search: SearchConfig, machine: Machine = MACHINE) -> SearchForecast:
    dataset = sample_dataset(600)
    split = make_split(dataset, base.split, base.seed)
    forecast = compute_search_forecast(base, search, split, fit_inputs(dataset, split, trial_config(base)), machine)
    assert forecast is not None
    return forecast


def first_seconds(base: RunConfig) -> float:
    dataset, config = sample_dataset(600), trial_config(base)
    split = make_split(dataset, config.split, config.seed)
    seconds = compute_forecast(config, split, fit_inputs(dataset, split, config), MACHINE).expected_seconds
    assert seconds is not None
    return seconds - TRIAL_SAVING_SECONDS


def test_fields_without_effect_on_time_give_trials_as_long_as_the_first() -> None:
    search = SearchConfig(fields=("training.learning_rate",), trials=10, pruning=False)
    first = first_seconds(MISSION)
    forecast = expect(MISSION, search)
    assert forecast.trial_seconds == pytest.approx(first)
    assert (forecast.seconds, forecast.num_trials) == (pytest.approx(10 * first), 10)
    pruned = expect(MISSION, search.model_copy(update={"pruning": True}))
    full = LEAST_TO_COMPARE
    assert pruned.seconds == pytest.approx((full + (10 - full) * PRUNED_SHARE) * first)
    started = expect(MISSION, search, replace(MACHINE, starts_trainer=True))
    assert started.seconds == pytest.approx(10 * first + START_SECONDS)


def test_the_sizes_of_the_searched_networks_count() -> None:
    narrow = expect(MISSION, SearchConfig(fields=("network.units=8/16",), trials=5))
    wide = expect(MISSION, SearchConfig(fields=("network.units=1024,1024/2048,2048",), trials=5))
    assert wide.trial_seconds > 2 * narrow.trial_seconds
    epochs = expect(MISSION, SearchConfig(fields=("training.epochs=100..200",), trials=5))
    assert epochs.trial_seconds > 3 * first_seconds(MISSION)


def test_an_ensemble_is_searched_by_its_first_network_alone() -> None:
    search = SearchConfig(fields=("network.dropout",), trials=3, pruning=False)
    best = preset("best", 600)
    assert expect(best, search).seconds == pytest.approx(expect(trial_config(best), search).seconds)


def test_the_time_limit_ends_the_search_but_not_the_first_trial() -> None:
    first = first_seconds(MISSION)
    search = SearchConfig(fields=("training.learning_rate",), trials=None, minutes=3 * first / 60, pruning=False)
    limited = expect(MISSION, search)
    assert limited.seconds == pytest.approx(3 * first) and 3 <= limited.num_trials <= 4
    short = expect(MISSION, search.model_copy(update={"minutes": 0.001}))
    assert (short.seconds, short.num_trials, short.is_limited_by_time) == (pytest.approx(first), 1, True)
    few = expect(MISSION, search.model_copy(update={"trials": 2}))
    assert (few.seconds, few.num_trials, few.is_limited_by_time) == (pytest.approx(2 * first), 2, False)


def test_without_a_measured_speed_the_time_is_unknown() -> None:
    dataset = sample_dataset(600)
    split = make_split(dataset, MISSION.split, MISSION.seed)
    inputs = fit_inputs(dataset, split, MISSION)
    search = SearchConfig(fields=("network.dropout",))
    assert compute_search_forecast(MISSION, search, split, inputs, replace(MACHINE, speed=None)) is None


def trial(number: int, seconds: float, state: TrialState = "finished") -> TrialResult:
    return TrialResult(number, state, {}, (0.4,), 0.4, 0.7, 1, 2, seconds)


def test_the_remaining_time_is_that_of_the_mean_trial() -> None:
    trials = [trial(1, 10.0), trial(2, 20.0, "pruned"), trial(3, 5.0, "running")]
    search = SearchConfig(fields=("network.dropout",), trials=6)
    assert remaining_seconds(trials, search) == pytest.approx(4 * 15.0 - 5.0)
    assert remaining_seconds(trials, search.model_copy(update={"minutes": 1.0})) == pytest.approx(60.0 - 35.0)
    assert remaining_seconds(trials[2:], search) is None
