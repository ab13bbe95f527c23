"""Use of Optuna: values within the space, deterministic proposals, pruned trials."""

from typing import Any

import pytest

from riskmodel.config.presets import preset
from riskmodel.config.search import SearchConfig
from riskmodel.config.search_space import Dimension, search_space
from riskmodel.training.searching.study import (
    FIRST_AT_RANDOM,
    compute_importance,
    draw_values,
    make_study,
)
from riskmodel.training.searching.trial import LEAST_TO_COMPARE, TrialResult, TrialState

MISSION = preset("mission")


def space(*fields: str) -> tuple[Dimension, ...]:
    return search_space(MISSION, SearchConfig(fields=fields))


MIXED = space(
    "network.dropout",
    "network.units",
    "training.optimizer",
    "training.weight_decay",
    "training.learning_rate",
    "training.epochs",
    "training.early_stopping",
)


def trial(number: int, values: dict[str, Any], loss: float | None, state: TrialState = "finished") -> TrialResult:
    losses = () if loss is None else (loss + 0.1, loss)
    return TrialResult(number, state, values, losses, loss, 0.7, 2, 2, 1.0)


def drawn(dimensions: tuple[Dimension, ...], trials: list[TrialResult], seed: int = 7) -> dict[str, Any]:
    return draw_values(make_study(dimensions, trials, seed).ask(), dimensions, MISSION)


def many(dimensions: tuple[Dimension, ...], count: int) -> list[TrialResult]:
    """Trials with a loss that depends on the dropout alone: best at .2."""
    trials: list[TrialResult] = []
    for number in range(1, count + 1):
        values = drawn(dimensions, trials)
        trials.append(trial(number, values, 0.4 + (values["network.dropout"] - 0.2) ** 2))
    return trials


def test_every_value_lies_within_the_space() -> None:
    for each in many(MIXED, 25):
        values = each.values
        assert 0 <= values["network.dropout"] <= 0.7
        assert (values["network.dropout"] / 0.05) == pytest.approx(round(values["network.dropout"] / 0.05))
        assert isinstance(values["network.units"], list) and set(values["network.units"]) <= {64, 128, 256, 512}
        assert 1e-4 <= values["training.learning_rate"] <= 0.1
        assert float(f"{values['training.learning_rate']:.3g}") == values["training.learning_rate"]
        assert isinstance(values["training.epochs"], int) and 5 <= values["training.epochs"] <= 100
        assert isinstance(values["training.early_stopping"], bool)


def test_a_field_is_drawn_only_while_it_has_an_effect() -> None:
    trials = many(MIXED, 25)
    assert {"adamw", "sgd"} <= {each.values["training.optimizer"] for each in trials}
    for each in trials:
        assert ("training.weight_decay" in each.values) == (each.values["training.optimizer"] == "adamw")


def test_the_next_trial_depends_on_the_trials_and_the_seed_alone() -> None:
    trials = many(MIXED, FIRST_AT_RANDOM + 2)
    assert drawn(MIXED, trials) == drawn(MIXED, list(trials))
    assert drawn(MIXED, trials) != drawn(MIXED, trials, seed=8)
    assert drawn(MIXED, trials) != drawn(MIXED, trials[:-1])


def test_the_sampler_prefers_small_losses() -> None:
    dropouts = [each.values["network.dropout"] for each in many(space("network.dropout"), 40)]
    later = dropouts[FIRST_AT_RANDOM + 8 :]
    # Of 15 values from 0 to .7, those within .1 of the best are 5; at random a third of the trials had them.
    assert sum(abs(value - 0.2) <= 0.1 + 1e-9 for value in later) > len(later) / 2


def test_a_trial_outside_the_space_is_ignored_and_a_failed_one_counts_as_pruned() -> None:
    dropout = space("network.dropout=0.1..0.3")
    outside = trial(1, {"network.dropout": 0.5}, 0.4)
    failed = trial(2, {"network.dropout": 0.3}, None, "failed")
    pruned = trial(3, {"network.dropout": 0.2}, 0.6, "pruned")
    study = make_study(dropout, [outside, failed, pruned], 7)
    assert [seen.state.name for seen in study.trials] == ["PRUNED", "PRUNED"]
    assert study.trials[1].intermediate_values == {1: 0.7, 2: 0.6}
    off_the_steps = make_study(dropout, [trial(1, {"network.dropout": 0.123}, 0.4)], 7)
    assert off_the_steps.trials == []


def test_a_trial_below_the_median_is_pruned_after_the_first_trials() -> None:
    dropout = space("network.dropout")
    # After epoch 2 the others have .41, .42, .43 and .44: their median is .425.
    others = [trial(number, {"network.dropout": 0.1}, 0.4 + number / 100) for number in range(1, LEAST_TO_COMPARE + 1)]
    for loss, hopeless in ((0.43, True), (0.42, False)):
        asked = make_study(dropout, others, 7).ask()
        asked.report(loss, step=2)
        assert bool(asked.should_prune()) is hopeless
    few = make_study(dropout, others[:-1], 7).ask()
    few.report(9.0, step=2)
    assert not few.should_prune()
    patient = make_study(dropout, others, 7, least_epochs=3).ask()
    patient.report(9.0, step=2)
    assert not patient.should_prune()


def test_the_decisive_field_is_the_most_important() -> None:
    two = space("network.dropout", "training.learning_rate")
    trials = many(two, 30)
    importance = compute_importance(two, trials)
    assert next(iter(importance)) == "network.dropout"
    assert sum(importance.values()) == pytest.approx(1)
    assert importance["network.dropout"] > 0.6


def test_few_or_equal_trials_have_no_importance() -> None:
    two = space("network.dropout", "training.learning_rate")
    assert compute_importance(two, many(two, 9)) == {}
    same = {"network.dropout": 0.1, "training.learning_rate": 0.01}
    assert compute_importance(two, [trial(n, same, 0.4 + n / 100) for n in range(1, 13)]) == {}
    equal = [trial(n, {**same, "network.dropout": n * 0.05}, 0.4) for n in range(1, 13)]
    assert compute_importance(two, equal) == {}
