import numpy as np
import pytest

from riskmodel.errors import TrainingError
from riskmodel.features.model_input import ModelInput
from riskmodel.training.fitting.checks import check_part
from tests.riskmodel.training.customers import make_customers


def test_valid_data_pass() -> None:
    check_part("train", *make_customers(50))


@pytest.mark.parametrize(("value", "word"), [(1, "bad"), (0, "good")])
def test_one_class_raises(value: int, word: str) -> None:
    inputs, bad = make_customers(1200)
    with pytest.raises(
        TrainingError, match=f"All 1,200 customers of the training set are {word}.*Check the target's bad"
    ):
        check_part("train", inputs, np.full_like(bad, value))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_non_finite_input_is_named(value: float) -> None:
    inputs, bad = make_customers(70_000)
    inputs.numerical[69_000, 2] = value
    with pytest.raises(TrainingError, match=f"input 2 of row 69000 of the validation set is {value}"):
        check_part("validation", inputs, bad)


def test_empty_mismatched_and_unlabeled() -> None:
    inputs, bad = make_customers(10)
    empty = ModelInput(inputs.numerical[:0], inputs.categorical[:0])
    with pytest.raises(TrainingError, match="test set is empty"):
        check_part("test", empty, bad[:0])
    with pytest.raises(TrainingError, match=r"received \(9,\) outcomes for 10 customers"):
        check_part("train", inputs, bad[:9])
    with pytest.raises(TrainingError, match=r"must be 0 \(good\) or 1 \(bad\); received \[-1, "):
        check_part("train", inputs, np.where(np.arange(10) == 0, -1, bad).astype(np.int8))
