"""Folds: every customer in one validation part, equal bad rates, no test rows."""

import numpy as np
import pytest

from riskmodel.errors import DataError
from riskmodel.tables.split import Split
from riskmodel.training.ensembles.folds import make_folds

PART = np.array(([0] * 6 + [1] * 2 + [2] * 2) * 10, np.int8)
BAD = (np.arange(100) % 4 == 0).astype(np.int8)


def test_without_folds_the_split_is_used() -> None:
    ((train, validation),) = make_folds(Split(PART), BAD, 0, seed=7)
    assert (PART[train] == 0).all() and len(train) == 60
    assert (PART[validation] == 1).all() and len(validation) == 20


def test_each_row_is_validated_once_and_test_rows_never_used() -> None:
    folds = make_folds(Split(PART), BAD, 4, seed=7)
    validated = np.sort(np.concatenate([validation for _, validation in folds]))
    assert validated.tolist() == np.flatnonzero(PART < 2).tolist()
    for train, validation in folds:
        assert not set(train) & set(validation) and len(train) + len(validation) == 80
        assert abs(BAD[validation].sum() - BAD[PART < 2].sum() / 4) < 1


def test_folds_depend_on_the_seed() -> None:
    first, again, other = (make_folds(Split(PART), BAD, 4, seed)[0][1].tolist() for seed in (7, 7, 8))
    assert first == again != other


def test_more_folds_than_bad_customers_raise() -> None:
    bad = np.zeros(100, np.int8)
    bad[:3] = 1
    with pytest.raises(DataError, match=r"5 folds need at least 5 bad customers .* there are 3\. Choose fewer folds"):
        make_folds(Split(PART), bad, 5, seed=7)
