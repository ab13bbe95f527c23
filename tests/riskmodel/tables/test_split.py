"""Every labeled row is in exactly one set."""

import datetime

import numpy as np
import pyarrow as pa
import pytest

from riskmodel.config.sections.split import SplitConfig
from riskmodel.errors import DataError
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.schema.schema import Column, Schema
from riskmodel.tables.split import make_split

SCHEMA = Schema(
    columns=(
        Column(name="x", kind="numerical"),
        Column(name="day", kind="date"),
        Column(name="bad", kind="target"),
    ),
    bad_values=("1",),
)


def make_dataset(num_rows: int = 1000, num_bads: int = 200, unlabeled: int = 0) -> Dataset:
    """One row a day, every fifth or so bad; the last rows without an outcome."""
    outcomes: list[str | None] = ["1" if i * num_bads // num_rows != (i + 1) * num_bads // num_rows else "0"
                                  for i in range(num_rows)]  # fmt: skip
    outcomes[num_rows - unlabeled :] = [None] * unlabeled
    days = [datetime.date(2020, 1, 1) + datetime.timedelta(i) for i in range(num_rows)]
    table = pa.table(
        {
            "x": pa.array(np.arange(num_rows, dtype=float)),
            "day": pa.array(days, pa.date32()),
            "bad": pa.array(outcomes, pa.string()),
        }
    )
    return Dataset(table, SCHEMA, "made")


def test_a_random_split_is_stratified_and_keeps_every_row() -> None:
    dataset = make_dataset()
    split = make_split(dataset, SplitConfig(), seed=1)
    assert split.counts()["train"] == 600
    assert split.counts()["validation"] == split.counts()["test"] == 200
    for part in ("train", "validation", "test"):
        assert dataset.bad()[split.rows(part)].mean() == pytest.approx(0.2)
    rows = np.concatenate([split.rows(part) for part in ("train", "validation", "test")])
    assert sorted(rows) == list(range(1000))


def test_folds_depend_on_the_seed() -> None:
    dataset = make_dataset()
    first, second, other = (make_split(dataset, SplitConfig(), seed=seed).part for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, second)
    assert (first != other).any()


def test_rows_without_an_outcome_are_in_no_set() -> None:
    split = make_split(make_dataset(unlabeled=100), SplitConfig(), seed=1)
    assert (split.part[900:] == -1).all()
    assert (split.part[:900] >= 0).all()


def test_a_split_by_date_tests_on_the_latest_customers() -> None:
    split = make_split(make_dataset(), SplitConfig(method="date", date_column="day"), seed=1)
    assert split.rows("train").tolist() == list(range(600))
    assert split.rows("validation").tolist() == list(range(600, 800))
    assert split.rows("test").tolist() == list(range(800, 1000))
    assert "training before 2021-08-23" in split.notes[0]


def test_an_impossible_split_is_an_error() -> None:
    with pytest.raises(DataError, match=r"would have \d bad customers; at least 10 are needed .* 20 bad and 980 good"):
        make_split(make_dataset(num_bads=20), SplitConfig(), seed=1)
    with pytest.raises(DataError, match="'x' cannot split by date: it is marked as numerical"):
        make_split(make_dataset(), SplitConfig(method="date", date_column="x"), seed=1)
