"""Messages on loss curves."""

from dataclasses import replace

import pytest

from riskmodel.training.diagnosis import diagnose
from riskmodel.training.progress import EpochResult
from tests.riskmodel.workspace.examples import epoch_result


def history(train: list[float], validation: list[float]) -> list[EpochResult]:
    pairs = enumerate(zip(train, validation, strict=True), 1)
    return [replace(epoch_result(n), train_loss=ours, validation_loss=theirs) for n, (ours, theirs) in pairs]


def test_two_epochs_have_no_diagnosis() -> None:
    assert diagnose(history([0.6, 0.5], [0.6, 0.5])).state == "unknown"
    assert diagnose([]).text == ""


def test_a_falling_validation_loss_is_learning() -> None:
    diagnosis = diagnose(history([0.6, 0.5, 0.45, 0.42], [0.6, 0.55, 0.5, 0.48]))
    assert (diagnosis.state, diagnosis.since) == ("learning", 4)
    assert diagnosis.text == "Learning: validation loss fell by 0.1200 in the last 3 epochs."
    ended = diagnose(history([0.6, 0.5, 0.45, 0.42], [0.6, 0.55, 0.5, 0.48]), ended=True)
    assert ended.text == "Validation loss was still falling, by 0.1200 in the last 3 epochs. Train more epochs."


def test_no_sentence_mentions_further_epochs_after_training() -> None:
    flat = history([0.6, 0.5, 0.45, 0.44], [0.6, 0.5003, 0.5002, 0.5])
    flat = [*flat[1:], replace(flat[-1], epoch=5, validation_loss=0.50001)]
    assert diagnose(flat).text == "Validation loss is lowest at epoch 4 so far."
    assert diagnose(flat, ended=True).text == "Validation loss is lowest at epoch 4."


def test_overfitting_begins_at_the_lowest_validation_loss() -> None:
    train = [0.6, 0.5, 0.45, 0.40, 0.38, 0.36]
    validation = [0.6, 0.5, 0.48, 0.50, 0.52, 0.54]
    diagnosis = diagnose(history(train, validation))
    assert (diagnosis.state, diagnosis.since) == ("overfitting", 3)
    assert diagnosis.text == (
        "Overfitting since epoch 3: validation loss rose from 0.4800 to 0.5200 while training loss fell from 0.4500 to "
        "0.3800 (medians of epochs 4 to 6)."
    )


def test_one_atypical_epoch_is_no_overfitting() -> None:
    train = [0.6, 0.5, 0.45, 0.44, 0.43, 0.42]
    flat = diagnose(history(train, [0.6, 0.5, 0.48, 0.481, 0.4801, 0.4802]))
    assert (flat.state, flat.since) == ("plateau", 3)
    assert flat.text == "Plateau since epoch 3: validation loss stayed at or above 0.4800."


def test_two_rising_losses_are_not_overfitting() -> None:
    diagnosis = diagnose(history([0.6, 0.5, 0.45, 0.6, 0.7, 0.8], [0.6, 0.5, 0.48, 0.6, 0.7, 0.8]))
    assert diagnosis.state == "plateau"
    assert diagnosis.text == (
        "No improvement since epoch 3: validation loss rose from 0.4800 to 0.7000 (medians of epochs 4 to 6). "
        "Try a lower learning rate."
    )


LOWEST = "Validation loss is lowest at epoch {}."


@pytest.mark.parametrize(
    ("validation", "text"),
    [
        # Rising in the last epoch after a fall.
        ([0.40, 0.39, 0.385, 0.3825, 0.380, 0.380, 0.3813], LOWEST.format(5)),
        # Falling smoothly, and with noise.
        ([0.50, 0.45, 0.42, 0.40, 0.39, 0.38], "Validation loss was still falling, by 0.0400 in the last 3 epochs."),
        ([0.50, 0.46, 0.47, 0.43, 0.44, 0.41], "Validation loss was still falling, by 0.0500 in the last 3 epochs."),
        # Falling up to a last epoch within the noise.
        ([0.50, 0.46, 0.43, 0.42, 0.41, 0.4105], "Validation loss was still falling, by 0.0195 in the last 3 epochs."),
        # Plateaus: flat, with noise, with one high epoch, with one low epoch.
        ([0.50, 0.40, 0.40, 0.40, 0.40, 0.3999], LOWEST.format(6)),
        ([0.40, 0.41, 0.395, 0.405, 0.40, 0.394], LOWEST.format(6)),
        ([0.40, 0.40, 0.45, 0.40, 0.40, 0.3999], LOWEST.format(6)),
        ([0.40, 0.40, 0.40, 0.40, 0.40, 0.38], LOWEST.format(6)),
        # The shortest history.
        ([0.50, 0.45, 0.42], "Validation loss was still falling, by 0.0800 in the last 2 epochs."),
    ],
)
def test_the_end_of_the_validation_loss_is_smoothed(validation: list[float], text: str) -> None:
    diagnosis = diagnose(history(validation, validation), ended=True)
    assert diagnosis.state == "learning"
    assert diagnosis.text.removesuffix(" Train more epochs.") == text


def test_one_atypical_epoch_after_the_lowest_loss_is_no_rise() -> None:
    train = [0.6, 0.5, 0.45, 0.44, 0.43, 0.42]
    for validation in ([0.6, 0.5, 0.48, 0.4801, 0.4802, 0.6], [0.6, 0.5, 0.48, 0.6, 0.4801, 0.4802]):
        assert diagnose(history(train, validation)).state == "plateau"
        assert diagnose(history(train, validation)).text.startswith("Plateau since epoch 3")


def test_a_rising_validation_loss_is_named() -> None:
    train = [0.6, 0.5, 0.45, 0.44, 0.43, 0.42]
    diagnosis = diagnose(history(train, [0.6, 0.5, 0.48, 0.49, 0.50, 0.51]))
    assert (diagnosis.state, diagnosis.since) == ("overfitting", 3)
    assert "validation loss rose from 0.4800 to 0.5000 while training loss fell" in diagnosis.text
