"""The record of a trial, and the best of several."""

import json
from dataclasses import replace

from riskmodel.training.searching.trial import TrialResult, TrialState, best_trial, rank_trials


def trial(number: int, loss: float | None, state: TrialState = "finished") -> TrialResult:
    losses = () if loss is None else (0.7, loss)
    return TrialResult(number, state, {"network.units": [8, 4]}, losses, loss, 0.7, 2, 2, 1.5)


def test_the_best_trial_is_the_first_finished_one_with_the_smallest_loss() -> None:
    trials = [trial(1, 0.5), trial(2, 0.4), trial(3, 0.1, "pruned"), trial(4, 0.4), trial(5, None, "failed")]
    best = best_trial(trials)
    assert best is not None and best.number == 2
    assert best_trial(trials[2:3]) is None
    assert best_trial([]) is None


def test_a_trial_json_round_trip() -> None:
    first = replace(trial(3, 1 / 3), error="Training diverged.")
    assert TrialResult.from_dict(json.loads(json.dumps(first.to_dict()))) == first


def test_trials_are_ranked_finished_ones_first_then_by_loss() -> None:
    trials = [
        trial(1, 0.5),
        trial(2, None, "failed"),
        trial(3, 0.3, "pruned"),
        trial(4, 0.4),
        trial(5, None, "running"),
        trial(6, 0.2, "stopped"),
        trial(7, 0.4),
    ]
    assert [each.number for each in rank_trials(trials)] == [4, 7, 1, 5, 6, 3, 2]


def test_a_trial_of_an_earlier_version_has_no_error_of_its_loss() -> None:
    stored = trial(2, 0.5).to_dict()
    del stored["loss_error"]
    assert TrialResult.from_dict(stored).loss_error is None
