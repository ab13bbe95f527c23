"""The best epoch of a training, and patience."""

from types import SimpleNamespace
from typing import Any

import pytest

from riskmodel.config.sections.training import TrainingConfig
from riskmodel.training.fitting.best_epoch import BestEpoch

MODEL: Any = SimpleNamespace(variables=[])


def follow(values: list[float], **settings: Any) -> BestEpoch:
    best = BestEpoch(TrainingConfig(**settings))
    for epoch, value in enumerate(values, start=1):
        best.update(epoch, value, MODEL)
    return best


@pytest.mark.parametrize(
    ("monitor", "values", "epoch", "waited"),
    [
        ("loss", [0.5, 0.4, 0.45], 2, 1),
        ("loss", [0.5, 0.4, 0.4], 2, 1),  # an equal epoch is no improvement
        ("auc", [0.7, 0.8, 0.8, 0.75], 2, 2),
        ("auc", [0.7, 0.8, 0.81], 3, 0),
    ],
)
def test_of_equal_epochs_the_first_is_the_best(monitor: str, values: list[float], epoch: int, waited: int) -> None:
    best = follow(values, monitor=monitor)
    assert (best.epoch, best.waited) == (epoch, waited)


def test_patience_ends_after_that_many_epochs_without_improvement() -> None:
    assert not follow([0.5, 0.6, 0.6], early_stopping=True, patience=3).is_out_of_patience
    assert follow([0.5, 0.6, 0.6, 0.6], early_stopping=True, patience=3).is_out_of_patience
    assert not follow([0.5] * 50, early_stopping=False, patience=3).is_out_of_patience


def test_half_the_patience_is_enough_some_epochs_after_the_expected_one() -> None:
    def waits(values: list[float], expected: int | None) -> bool:
        best = BestEpoch(TrainingConfig(early_stopping=True, patience=4), expected)
        for epoch, value in enumerate(values, start=1):
            best.update(epoch, value, MODEL)
        return not best.is_out_of_patience

    after_two = [0.5, 0.4, 0.6, 0.6]  # the second epoch is the best, two epochs are waited
    assert waits(after_two, None) and not waits(after_two, 2)
    assert not waits(after_two, 1) and waits(after_two, 3)  # two epochs after the expected third are not over
    assert not waits([*after_two, 0.6], 3)
    assert not waits([*after_two, 0.6, 0.6], 30)  # the whole patience
    assert waits([0.5, 0.4, 0.3, 0.2, 0.6], 1)  # one epoch is not half of four
