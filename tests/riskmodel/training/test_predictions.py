"""Predictions of four customers, computed by hand."""

import numpy as np
import pytest

from riskmodel.tables.split import Split
from riskmodel.training.predictions import Predictions


@pytest.fixture
def predictions() -> Predictions:
    """Rows 0 and 3 validate, row 1 trains, row 2 has no outcome, rows 4 and 5 test."""
    return Predictions(
        Split(np.array([1, 0, -1, 1, 2, 2], np.int8)),
        np.array([1, 0, -1, 0, 0, 1], np.int8),
        np.array([0.75, 0.0, 0.5, 0.25, 0.5, 1.0]),
    )


def test_the_probabilities_of_a_set_are_in_the_order_of_its_rows(predictions: Predictions) -> None:
    assert predictions.of("validation").tolist() == [0.75, 0.25]


def test_metrics_are_those_of_the_evaluated_sets(predictions: Predictions) -> None:
    metrics = predictions.compute_metrics()
    assert list(metrics) == ["validation", "test"]
    assert (metrics["validation"].auc, metrics["validation"].log_loss) == (1.0, pytest.approx(-np.log(0.75)))
    without_test = Predictions(Split(np.array([1, 1], np.int8)), predictions.bad[[0, 3]], np.array([0.75, 0.25]))
    assert list(without_test.compute_metrics()) == ["validation"]


def test_counts_by_probability(predictions: Predictions) -> None:
    counts = predictions.count("test")
    assert len(counts) == 40
    assert {place: count for place, count in enumerate(counts) if count} == {20: 1, 39: 1}


def test_the_table_has_a_row_per_customer_with_an_outcome(predictions: Predictions) -> None:
    assert predictions.to_table().to_pydict() == {
        "row": [0, 1, 3, 4, 5],
        "part": ["validation", "train", "validation", "test", "test"],
        "bad": [1, 0, 0, 0, 1],
        "probability": [0.75, 0.0, 0.25, 0.5, 1.0],
    }
