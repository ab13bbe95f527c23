"""Whether the best trial is better than the first, with intervals computed by hand."""

from dataclasses import replace

import pytest

from riskmodel.training.searching.improvement import compare_with_first
from riskmodel.training.searching.trial import TrialResult, TrialState


def trial(
    number: int, loss: float | None, loss_error: float | None = None, state: TrialState = "finished"
) -> TrialResult:
    losses = () if loss is None else (loss,)
    return TrialResult(number, state, {}, losses, loss, 0.7, 1, 2, 1.5, loss_error=loss_error)


def test_the_interval_is_that_of_the_paired_difference_corrected_for_the_comparisons() -> None:
    improvement = compare_with_first([trial(1, 0.4), trial(2, 0.39, 0.002), trial(3, 0.395, 0.001)])
    assert improvement is not None
    # Two comparisons: z is the quantile 1 − .05 / 4 = .9875 of the normal distribution, 2.2414.
    assert (improvement.best, improvement.num_compared, improvement.is_clear) == (2, 2, True)
    assert improvement.gain == pytest.approx(0.01)
    assert improvement.low == pytest.approx(0.01 - 2.2414 * 0.002, abs=1e-6)
    assert improvement.high == pytest.approx(0.01 + 2.2414 * 0.002, abs=1e-6)
    assert improvement.describe() == (
        "Trial 2 is better than the base configuration: its validation log-loss is 0.01000 lower (95% interval 0.00552 "
        "to 0.01448, corrected for 2 comparisons)."
    )


def test_a_difference_within_its_interval_can_be_chance() -> None:
    improvement = compare_with_first([trial(1, 0.4), trial(2, 0.39, 0.01)])
    assert improvement is not None and not improvement.is_clear
    # One comparison: z = 1.95996.
    assert improvement.describe() == (
        "No trial is clearly better than the base configuration: the best, trial 2, has a validation log-loss 0.01000 "
        "lower, which can be chance (95% interval −0.00960 to 0.02960, corrected for 1 comparison)."
    )


def test_the_first_trial_can_be_the_best() -> None:
    improvement = compare_with_first([trial(1, 0.4), trial(2, 0.41, 0.01), trial(3, 0.3, None, "pruned")])
    assert improvement is not None and improvement.gain == 0.0 and not improvement.is_clear
    assert improvement.describe() == (
        "No trial is better than the base configuration: 1 finished trial compared with trial 1, none lower."
    )


def test_an_unknown_error_is_replaced_by_the_largest_known_one() -> None:
    trials = [trial(1, 0.4), trial(2, 0.395, 0.001), trial(3, 0.396, 0.002), trial(4, 0.39)]
    improvement = compare_with_first(trials)
    known = compare_with_first([*trials[:3], replace(trials[3], loss_error=0.002)])
    assert improvement == known and improvement is not None and improvement.best == 4
    resumed = compare_with_first([trial(1, 0.4), trial(2, 0.39)])
    assert resumed is not None and not resumed.is_clear
    assert "Whether this exceeds chance is not known" in resumed.describe()


def test_without_another_finished_trial_there_is_nothing_to_compare() -> None:
    assert compare_with_first([]) is None
    assert compare_with_first([trial(1, 0.4), trial(2, 0.3, None, "running")]) is None
    assert compare_with_first([trial(1, None, None, "failed"), trial(2, 0.3), trial(3, 0.2)]) is None
