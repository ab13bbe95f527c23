"""What curves say in words."""

from dataclasses import replace

from riskmodel.training.progress import EpochResult
from riskmodel.training.verdict import judge_fit
from tests.riskmodel.workspace.shelves import epoch_result


def history(train: list[float], validation: list[float]) -> list[EpochResult]:
    pairs = enumerate(zip(train, validation, strict=True), 1)
    return [replace(epoch_result(n), train_loss=ours, validation_loss=theirs) for n, (ours, theirs) in pairs]


def test_two_epochs_say_nothing() -> None:
    assert judge_fit(history([0.6, 0.5], [0.6, 0.5])).fit == "early"
    assert judge_fit([]).words == ""


def test_a_falling_validation_loss_is_learning() -> None:
    verdict = judge_fit(history([0.6, 0.5, 0.45, 0.42], [0.6, 0.55, 0.5, 0.48]))
    assert (verdict.fit, verdict.since) == ("learning", 4)
    assert verdict.words == "Still learning: validation loss fell by 0.1200 in the last 3 epochs."


def test_overfitting_begins_at_the_lowest_validation_loss() -> None:
    train = [0.6, 0.5, 0.45, 0.40, 0.38, 0.36]
    validation = [0.6, 0.5, 0.48, 0.50, 0.52, 0.54]
    verdict = judge_fit(history(train, validation))
    assert (verdict.fit, verdict.since) == ("overfitting", 3)
    assert verdict.words == (
        "Overfitting since epoch 3: training loss fell on from 0.4500 to 0.3800, "
        "validation loss rose from 0.4800 to 0.5200."
    )


def test_one_odd_epoch_is_no_overfitting() -> None:
    train = [0.6, 0.5, 0.45, 0.44, 0.43, 0.42]
    level = judge_fit(history(train, [0.6, 0.5, 0.48, 0.481, 0.4801, 0.4802]))
    assert (level.fit, level.since) == ("level", 3)
    assert level.words == "Level since epoch 3: validation loss has not fallen below 0.4800."


def test_losses_that_both_rise_are_not_called_overfitting() -> None:
    verdict = judge_fit(history([0.6, 0.5, 0.45, 0.6, 0.7, 0.8], [0.6, 0.5, 0.48, 0.6, 0.7, 0.8]))
    assert verdict.fit == "level"
    assert verdict.words == "No better since epoch 3: both losses rose; a lower learning rate may help."
