"""Whether the best trial of a search is better than the first by more than chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from riskmodel.training.searching.trial import TrialResult, best_trial
from riskmodel.wording import count, with_minus_sign

_LEVEL = 0.05


@dataclass(frozen=True)
class Improvement:
    """Difference between the first and the best finished trial.

    Attributes:
        best: Number of the best trial; 1 if no trial has a lower loss than the first.
        num_compared: Finished trials other than the first.
        gain: Validation log-loss of the first trial minus that of the best, ≥ 0.
        low, high: 95% interval of the gain. None if the errors of the losses are unknown, as in a resumed search, and
            if the first trial is the best.
    """

    best: int
    num_compared: int
    gain: float
    low: float | None = None
    high: float | None = None

    @property
    def is_clear(self) -> bool:
        """Whether the interval of the gain is above 0."""
        return self.low is not None and self.low > 0.0

    def describe(self) -> str:
        """One sentence for the analyst.

        Example:
            >>> Improvement(3, 9, 0.004, -0.001, 0.009).describe()[:44]
            'No trial is clearly better than the base con'
        """
        if self.best == 1:
            trials = count(self.num_compared, "finished trial")
            return f"No trial is better than the base configuration: {trials} compared with trial 1, none lower."
        if self.low is None or self.high is None:
            return (
                f"Trial {self.best} has a validation log-loss {self.gain:.5f} lower than the base configuration. "
                "Whether this exceeds chance is not known: the standard errors of its trials were not recorded."
            )
        comparisons = count(self.num_compared, "comparison")
        interval = f"{_signed(self.low)} to {_signed(self.high)}"
        if self.is_clear:
            return (
                f"Trial {self.best} is better than the base configuration: its validation log-loss is "
                f"{self.gain:.5f} lower (95% interval {interval}, corrected for {comparisons})."
            )
        return (
            f"No trial is clearly better than the base configuration: the best, trial {self.best}, has a validation "
            f"log-loss {self.gain:.5f} lower, which can be chance (95% interval {interval}, corrected for "
            f"{comparisons})."
        )


def compare_with_first(trials: Sequence[TrialResult]) -> Improvement | None:
    """The gain of the best finished trial over the first; None until the first and another one have finished.

    The interval is ``gain ± z · s``: s is the standard error of the mean paired difference of the log-losses of the
    validation customers, and z the quantile 1 − .05 / (2 m) of the normal distribution for m compared trials
    (O. J. Dunn, 1961, the Bonferroni correction), since the best of many trials is partly best by chance. If the error
    of the best trial is unknown, the largest known one is used.
    """
    finished = [trial for trial in trials if trial.state == "finished" and trial.loss is not None]
    first = next((trial for trial in finished if trial.number == 1), None)
    best, num_compared = best_trial(finished), len(finished) - 1
    if first is None or best is None or first.loss is None or best.loss is None or num_compared < 1:
        return None
    gain = first.loss - best.loss
    known = [trial.loss_error for trial in finished if trial.loss_error is not None]
    error = best.loss_error if best.loss_error is not None else max(known, default=None)
    if best.number == 1 or error is None or not math.isfinite(error):
        return Improvement(best.number, num_compared, gain)
    half = NormalDist().inv_cdf(1.0 - _LEVEL / (2.0 * num_compared)) * error
    return Improvement(best.number, num_compared, gain, gain - half, gain + half)


def _signed(number: float) -> str:
    return with_minus_sign(f"{number:.5f}")
