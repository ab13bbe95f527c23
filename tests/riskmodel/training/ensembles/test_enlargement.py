"""When a larger network is trained, and when it is kept."""

import math

import numpy as np
import pytest

from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.config.ensemble import Learner
from riskmodel.config.presets import preset
from riskmodel.training.ensembles.enlargement import (
    LossReduction,
    describe_larger,
    describe_start,
    describe_too_large,
    is_still_improving,
)

FAST = Learner(
    network=TabmConfig(members=16, units=(128, 128), dropout=0.1, numeric_encoding="piecewise", bins=8),
    training=TabmConfig.usual_training.model_copy(update={"epochs": 60, "patience": 16}),
)


def larger_than(learner: Learner) -> Learner:
    larger = learner.enlarged()
    assert larger is not None
    return larger


@pytest.mark.parametrize(("best", "expected"), [(1, False), (8, False), (9, True), (10, True)])
def test_the_last_fifth_of_ten_epochs_is_the_last_two(best: int, expected: bool) -> None:
    assert is_still_improving(best, 10) is expected


def test_the_only_epoch_is_in_the_last_fifth() -> None:
    assert is_still_improving(1, 1)


def test_a_larger_tabm_has_twice_the_units_and_epochs() -> None:
    larger = larger_than(FAST)
    assert larger.network.model_dump(include={"units", "bins", "members", "dropout"}) == {
        "units": (256, 256),
        "bins": 24,
        "members": 8,
        "dropout": 0.2,
    }
    training = larger.training
    assert (training.epochs, training.patience, training.learning_rate, training.enlarge) == (120, 32, 0.004, True)


def test_enlarging_stops_at_the_limits_of_the_fields() -> None:
    learner = FAST
    for _ in range(12):
        learner = larger_than(learner)
    checked = Learner.model_validate(learner.model_dump())
    assert checked.network.model_dump(include={"units", "bins", "members", "dropout"}) == {
        "units": (8192, 8192),
        "bins": 64,
        "members": 4,
        "dropout": 0.25,
    }
    assert (checked.training.epochs, checked.training.patience) == (10_000, 1_000)


def test_only_some_architectures_can_be_enlarged() -> None:
    larger = larger_than(preset("mission").learners[0])
    assert larger.network.model_dump(include={"units"}) == {"units": (256, 128)} and larger.training.epochs == 20
    assert preset("explainable").learners[0].enlarged() is None


def test_the_loss_is_compared_after_calibration() -> None:
    random = np.random.default_rng(0)
    log_odds = random.normal(size=2_000)
    bad = (random.random(2_000) < 1 / (1 + np.exp(-log_odds))).astype(np.int8)
    same = LossReduction.between(bad, log_odds, 3.0 * log_odds)
    assert same.before == pytest.approx(same.after, abs=1e-6) and not same.is_clear


def test_a_clear_reduction_exceeds_two_standard_errors() -> None:
    random = np.random.default_rng(0)
    log_odds = random.normal(size=2_000)
    bad = (random.random(2_000) < 1 / (1 + np.exp(-log_odds))).astype(np.int8)
    found = LossReduction.between(bad, np.zeros(2_000), log_odds)
    assert found.before == pytest.approx(math.log(2), abs=0.01) and found.after < found.before
    assert found.t > 10 and found.is_clear
    worse = LossReduction.between(bad, log_odds, np.zeros(2_000))
    assert worse.t == pytest.approx(-found.t) and not worse.is_clear
    assert LossReduction(0.5, 0.4, 2.1).is_clear and not LossReduction(0.5, 0.49, 1.9).is_clear


def test_notes_name_the_values_that_differ() -> None:
    larger = larger_than(FAST)
    values = "members 8, layers 256, 256, dropout 0.2, bins 24, 120 epochs"
    assert describe_larger(larger, FAST) == values
    assert describe_start(larger, FAST) == (
        f"Still improving at the end of 60 epochs; now a larger network is trained ({values})."
    )
    assert LossReduction(0.4, 0.3, 5.0).describe(larger, FAST) == (
        f"Still improving at the end of 60 epochs, so a larger network was trained, too ({values}). The larger network "
        "was kept: validation loss 0.3000 of the larger, 0.4000 of the smaller, both calibrated."
    )
    assert (
        LossReduction(0.4, 0.399, 1.0)
        .describe(larger, FAST)
        .endswith(
            "The smaller network was kept: validation loss 0.3990 of the larger, 0.4000 of the smaller, both "
            "calibrated; a reduction by two standard errors is required."
        )
    )
    assert describe_too_large(larger, FAST, 6.3) == (
        f"Still improving at the end of 60 epochs. A larger network ({values}) may be better. It was not trained, "
        "because it takes about 6 times as long; set these values to train it."
    )
