"""Bins and stability index of columns, by hand."""

import math

import numpy as np
import pyarrow as pa
import pytest
from pydantic import ValidationError

from riskmodel.scoring.model import stability as module
from riskmodel.scoring.model.stability import (
    ColumnBins,
    Stability,
    add_counts,
    compare_columns,
    compute_stability,
    count_columns,
    learn_bins,
)
from riskmodel.tables.schema.schema import Column, Schema

SCHEMA = Schema(
    columns=(
        Column(name="income", kind="numerical"),
        Column(name="city", kind="categorical"),
        Column(name="opened", kind="date", date_format="%Y-%m-%d"),
    )
)


def table(income: list[float | None], city: list[str | None]) -> pa.Table:
    dates = pa.array([0] * len(income), pa.date32())
    return pa.table({"income": pa.array(income, pa.float64()), "city": pa.array(city, pa.string()), "opened": dates})


def test_many_numbers_are_counted_in_tenths_of_the_training_file() -> None:
    numbers = [float(number) for number in range(100)]
    bins = learn_bins(table([*numbers, None], ["Oslo"] * 101), SCHEMA)
    assert list(bins) == ["income", "city"], "dates have no bins"
    assert bins["income"].counts == (10,) * 10 + (1,)
    np.testing.assert_allclose(bins["income"].edges, [9.9 * tenth for tenth in range(1, 10)])
    low = pa.chunked_array([pa.array([-5.0, 3.0, None, 1e9])])
    assert bins["income"].count(low).tolist() == [2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]


def test_few_numbers_are_counted_by_value_with_bins_between() -> None:
    bins = learn_bins(table([1.0, 1.0, 3.0], ["a", "a", "b"]), SCHEMA)["income"]
    # Below 1, 1, between, 3, above 3, missing.
    assert bins.counts == (0, 2, 0, 1, 0, 0)
    assert bins.count(pa.chunked_array([pa.array([0.0, 1.0, 2.0, 3.0, 4.0, None])])).tolist() == [1] * 6


def test_categories_beyond_the_most_frequent_are_one_bin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_LEVELS", 2)
    bins = learn_bins(table([1.0] * 7, ["b", "a", "a", "c", "b", "a", None]), SCHEMA)["city"]
    assert bins.levels == ("a", "b") and bins.counts == (3, 2, 1, 1)
    assert bins.count(pa.chunked_array([pa.array(["new", "a", None, "c"])])).tolist() == [1, 0, 2, 1]


def test_a_column_without_values_has_bins() -> None:
    bins = learn_bins(table([None, None], [None, None]), SCHEMA)
    assert (bins["income"].counts, bins["city"].counts) == ((0, 2), (0, 2))
    assert compute_stability(bins["income"].counts, [0, 5]) == Stability(0.0, 0.0)


def test_the_index_and_its_readings() -> None:
    found = compute_stability([5000, 5000], [2500, 7500])
    assert found is not None
    assert found.psi == pytest.approx(-0.25 * math.log(0.5) + 0.25 * math.log(1.5))
    assert found.chance == pytest.approx(2 / 10_000)
    assert found.reading == "large"
    assert [Stability(psi, 0.0).reading for psi in (0.0999, 0.1, 0.2499, 0.25)] == [
        "stable",
        "moderate",
        "moderate",
        "large",
    ]
    # Of 30 customers in 10 bins, an index of .3 is expected by chance.
    assert Stability(0.3, 0.3).reading == "stable"
    assert compute_stability([1, 2], [0, 0]) is None


def test_of_a_long_block_each_kth_row_counts_k_times(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = table([0.0, 1.0] * 50, ["a", "b"] * 50)
    bins = learn_bins(whole, SCHEMA)
    assert {name: own.tolist() for name, own in count_columns(whole, bins).items()} == {
        "income": [0, 50, 0, 50, 0, 0][: len(bins["income"].counts)],
        "city": [50, 50, 0, 0],
    }
    monkeypatch.setattr(module, "MAX_COUNTED", 34)
    thinned = count_columns(whole, bins)["city"]
    # Rows 0, 3, 6, … 99: 17 of each category, each counted 3 times.
    assert thinned.tolist() == [51, 51, 0, 0]
    assert count_columns(whole, {}) == {} and count_columns(whole.slice(0, 0), bins) == {}


def test_counts_are_added_and_compared_largest_first() -> None:
    bins = {
        "a": ColumnBins(levels=("x", "y"), counts=(50, 50, 0, 0)),
        "b": ColumnBins(levels=("x", "y"), counts=(50, 50, 0, 0)),
    }
    part = {"a": np.array([25, 25, 0, 0]), "b": np.array([10, 40, 0, 0])}
    total = add_counts(add_counts({}, part), part)
    assert total["b"].tolist() == [20, 80, 0, 0]
    assert add_counts(total, {}) == total
    found = compare_columns(bins, total)
    assert list(found) == ["b", "a"] and found["a"].psi == 0.0


def test_bins_round_trip_and_are_checked() -> None:
    bins = ColumnBins(edges=(0.1, 1 / 3), counts=(1, 2, 3, 4))
    assert ColumnBins.model_validate_json(bins.model_dump_json()) == bins
    with pytest.raises(ValidationError, match="4 counts are needed for the bins of a column; received 3"):
        ColumnBins(edges=(0.1, 0.2), counts=(1, 2, 3))
