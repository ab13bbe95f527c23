"""Datasets that are too small to train on."""

import numpy as np

from riskmodel.tables.checks.training_size import find_too_few
from riskmodel.tables.quality import check_quality
from tests.riskmodel.tables.checks.tables import make_dataset


def outcomes(num_rows: int, num_bads: int) -> np.ndarray:
    return np.repeat([1, 0], [num_bads, num_rows - num_bads])


def test_thirty_customers_are_too_few_and_the_reason_has_the_counts() -> None:
    dataset = make_dataset({}, income=np.arange(30), bad=outcomes(30, 8))
    [finding] = find_too_few(dataset)
    assert (finding.kind, finding.severity) == ("too_few_to_train", "warning")
    assert finding.text.startswith("This dataset cannot be trained on. The training set would have 4 bad customers")
    assert finding in check_quality(dataset).findings


def test_enough_customers_of_both_outcomes_are_no_finding() -> None:
    assert find_too_few(make_dataset({}, income=np.arange(200), bad=outcomes(200, 60))) == []
