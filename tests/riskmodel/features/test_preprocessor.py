"""The preprocessor compared with scikit-learn and with figures computed by hand."""

import datetime
import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, QuantileTransformer, RobustScaler, StandardScaler

from riskmodel.config.sections.preprocessing import ColumnOverride, PreprocessingConfig, Scaling
from riskmodel.errors import BundleError, ConfigError, DataError
from riskmodel.features.numbers.numerical import NumericalColumn
from riskmodel.features.numbers.scaling import AffineScaling
from riskmodel.features.preprocessor import Preprocessor
from riskmodel.tables.schema.schema import Column, Schema

NUMBERS = Schema(columns=(Column(name="x", kind="numerical"),))
MIXED = Schema(
    columns=(
        Column(name="x", kind="numerical"),
        Column(name="city", kind="categorical"),
        Column(name="since", kind="date"),
    )
)


def table_of(values: list[float | None]) -> pa.Table:
    return pa.table({"x": pa.array(values, pa.float64())})


def fit(values: list[float | None], **settings: object) -> np.ndarray:
    return (
        Preprocessor(NUMBERS, PreprocessingConfig(**settings))
        .fit(table_of(values))
        .transform(table_of(values))
        .numerical
    )


def mixed_table(num_rows: int = 400, seed: int = 0) -> pa.Table:
    random = np.random.default_rng(seed)
    values = random.lognormal(8, 1, num_rows)
    days = [datetime.date(2024, 1, 1) + datetime.timedelta(int(day)) for day in random.integers(0, 500, num_rows)]
    return pa.table(
        {
            "x": pa.array(values, pa.float64(), mask=random.random(num_rows) < 0.1),
            "city": pa.array(random.choice(["Oslo", "Rome", "Bonn"], num_rows), pa.string()),
            "since": pa.array(days, pa.date32()),
        }
    )


@pytest.mark.parametrize(
    ("scaling", "oracle"), [("standard", StandardScaler()), ("minmax", MinMaxScaler()), ("robust", RobustScaler())]
)
def test_scaling_is_scikit_learns(scaling: str, oracle: object) -> None:
    values = np.random.default_rng(1).lognormal(3, 1, 500)
    expected = oracle.fit_transform(values[:, None])[:, 0]
    np.testing.assert_allclose(fit(list(values), scaling=scaling)[:, 0], expected, atol=1e-5)


def test_quantile_scaling_is_scikit_learns_within_its_own_quantiles() -> None:
    values = np.random.default_rng(2).lognormal(3, 1, 900)
    config = PreprocessingConfig(scaling="quantile")
    fitted = Preprocessor(NUMBERS, config).fit(table_of(list(values)))
    num_quantiles = int(re.search(r"among ([\d,]+) quantiles", fitted.describe()[0].treatment)[1].replace(",", ""))
    oracle = QuantileTransformer(n_quantiles=num_quantiles, output_distribution="normal")
    expected = oracle.fit_transform(values[:, None])[:, 0]
    inner = np.abs(expected) < 2  # both cut the tails, at points of their own setting
    found = fit(list(values), scaling="quantile")[:, 0]
    np.testing.assert_allclose(found[inner], expected[inner], atol=0.02)


def test_missing_values_take_the_median_and_raise_a_flag() -> None:
    found = fit([1.0, 2.0, None, 9.0], missing="median", scaling="none")
    assert found.tolist() == [[1.0, 0.0], [2.0, 0.0], [2.0, 1.0], [9.0, 0.0]]


@pytest.mark.parametrize(("missing", "value"), [("mean", 4.0), ("constant", -7.0)])
def test_other_ways_to_fill(missing: str, value: float) -> None:
    found = fit([1.0, 2.0, None, 9.0], missing=missing, missing_constant=-7.0, missing_indicator=False, scaling="none")
    assert found[:, 0].tolist() == [1.0, 2.0, value, 9.0]


def test_special_codes_are_missing_with_a_flag_of_their_own() -> None:
    found = fit([1.0, 3.0, -9999.0, 5.0], special_codes=(-9999.0,), scaling="none")
    assert found[:, 0].tolist() == [1.0, 3.0, 3.0, 5.0]
    assert any(found[:, column].tolist() == [0.0, 0.0, 1.0, 0.0] for column in range(1, found.shape[1]))


def test_winsorizing_moves_the_extremes_to_the_quantiles() -> None:
    values = [float(value) for value in range(101)]
    found = fit(values, outliers="winsorise", lower_quantile=0.1, upper_quantile=0.9, scaling="none")[:, 0]
    assert (found.min(), found.max(), found[50]) == (10.0, 90.0, 50.0)


def test_categories_are_scikit_learns_one_hot() -> None:
    cities = ["Oslo", "Rome", "Oslo", "Bonn"]
    table = pa.table({"city": cities})
    schema = Schema(columns=(Column(name="city", kind="categorical"),))
    found = Preprocessor(schema, PreprocessingConfig(rare_share=0.0)).fit(table).transform(table).numerical
    expected = OneHotEncoder(sparse_output=False).fit_transform(np.array(cities)[:, None])
    assert sorted(map(tuple, found.T.tolist())) == sorted(map(tuple, expected.T.tolist()))


def test_an_unseen_level_is_counted_and_scored_as_unknown() -> None:
    schema = Schema(columns=(Column(name="city", kind="categorical"),))
    for encoding in ("onehot", "embedding"):
        config = PreprocessingConfig(encoding=encoding, rare_share=0.0)
        fitted = Preprocessor(schema, config).fit(pa.table({"city": ["Oslo", "Rome", "Oslo"]}))
        new = pa.table({"city": ["Paris", "Oslo", "Paris"]})
        inputs = fitted.transform(new)
        levels = fitted.unseen_levels(new)["city"]
        assert (levels.count, levels.first_values) == (2, ("Paris",))
        if encoding == "onehot":
            assert inputs.numerical[0].sum() == 0.0
        else:
            assert inputs.categorical[:, 0].tolist()[0] == 0


def test_dates_are_days_before_the_latest_training_date() -> None:
    schema = Schema(columns=(Column(name="since", kind="date"),))
    days = [datetime.date(2024, 1, 1), datetime.date(2024, 1, 31)]
    table = pa.table({"since": pa.array(days, pa.date32())})
    fitted = Preprocessor(schema, PreprocessingConfig(scaling="none")).fit(table)
    assert fitted.as_of_ == datetime.date(2024, 1, 31)
    assert fitted.transform(table).numerical[:, 0].tolist() == [30.0, 0.0]


def test_only_training_rows_are_learned_from() -> None:
    table = mixed_table()
    rows = np.arange(200)
    fitted = Preprocessor(MIXED, PreprocessingConfig()).fit(table, rows)
    changed = pa.concat_tables([table.slice(0, 200), mixed_table(seed=9).slice(200)])
    assert fitted.to_files() == Preprocessor(MIXED, PreprocessingConfig()).fit(changed, rows).to_files()


@pytest.mark.parametrize("scaling", ["standard", "minmax", "robust", "quantile", "log", "none"])
@pytest.mark.parametrize("encoding", ["onehot", "embedding"])
def test_saved_read_and_in_pieces_it_gives_the_same(scaling: str, encoding: str) -> None:
    table = mixed_table()
    fitted = Preprocessor(MIXED, PreprocessingConfig(scaling=scaling, encoding=encoding)).fit(table, np.arange(250))
    whole = fitted.transform(table)
    again = Preprocessor.from_files(fitted.to_files())
    pieces = [again.transform(table.slice(start, 130)) for start in range(0, table.num_rows, 130)]
    np.testing.assert_array_equal(np.concatenate([piece.numerical for piece in pieces]), whole.numerical)
    np.testing.assert_array_equal(np.concatenate([piece.categorical for piece in pieces]), whole.categorical)
    assert whole.numerical.shape[1] == fitted.input_shape_.num_numerical == len(fitted.feature_names_)
    assert np.isfinite(whole.numerical).all()


def test_an_override_changes_its_column_only() -> None:
    schema = Schema(columns=(Column(name="x", kind="numerical"), Column(name="y", kind="numerical")))
    table = pa.table({"x": [0.0, 10.0], "y": [0.0, 10.0]})
    config = PreprocessingConfig(scaling="minmax", overrides={"y": ColumnOverride(scaling="none")})
    found = Preprocessor(schema, config).fit(table).transform(table).numerical
    assert found.tolist() == [[0.0, 0.0], [1.0, 10.0]]


def test_constant_and_empty_columns_are_excluded_with_a_reason() -> None:
    schema = Schema(columns=tuple(Column(name=name, kind="numerical") for name in ("x", "same", "none")))
    table = pa.table({"x": [1.0, 2.0], "same": [5.0, 5.0], "none": pa.array([None, None], pa.float64())})
    fitted = Preprocessor(schema, PreprocessingConfig()).fit(table)
    assert set(fitted.left_out_) == {"same", "none"}
    assert fitted.inputs_used == ("x",)
    with pytest.raises(DataError, match="No usable column for training"):
        Preprocessor(schema.with_kinds({"x": "ignored"}), PreprocessingConfig()).fit(table)


def test_columns_excluded_by_the_configuration_are_not_inputs() -> None:
    table = mixed_table()
    fitted = Preprocessor(MIXED, PreprocessingConfig(excluded=("city", "of_another_dataset"))).fit(table)
    assert fitted.inputs_used == ("x", "since")
    [city] = [column for column in fitted.describe() if column.column == "city"]
    assert city.treatment == "excluded: not selected for this run"
    without = Preprocessor(MIXED, PreprocessingConfig()).fit(table).transform(table).numerical[:, :2]
    np.testing.assert_array_equal(fitted.transform(table.drop_columns(["city"])).numerical[:, :2], without)
    with pytest.raises(DataError, match=r"No usable column for training. 'x': not selected for this run"):
        Preprocessor(MIXED, PreprocessingConfig(excluded=("x", "city", "since"))).fit(table)


def test_impossible_preprocessing_raises() -> None:
    with pytest.raises(ConfigError, match=r"Preprocessing overrides: .*'z'"):
        Preprocessor(NUMBERS, PreprocessingConfig(overrides={"z": ColumnOverride(scaling="none")}))
    with pytest.raises(DataError, match="at least one training row"):
        Preprocessor(NUMBERS, PreprocessingConfig()).fit(table_of([1.0]), np.array([], int))
    with pytest.raises(RuntimeError, match="must be fitted first"):
        Preprocessor(NUMBERS, PreprocessingConfig()).transform(table_of([1.0]))
    with pytest.raises(BundleError, match=r"lacks its file 'preprocessor\.json'"):
        Preprocessor.from_files({})


def count_of_loans(bad_by_value: dict[float, tuple[int, int]]) -> tuple[pa.Table, npt.NDArray[np.int8]]:
    """A table of one count, and outcomes: for each value how many customers have it and how many of these are bad."""
    values = np.concatenate([np.full(customers, value) for value, (customers, _) in bad_by_value.items()])
    bad = np.concatenate([np.arange(customers) < bad for customers, bad in bad_by_value.values()]).astype(np.int8)
    return pa.table({"loans": pa.array(values)}), bad


LOANS = Schema(columns=(Column(name="loans", kind="numerical"),))


def test_values_of_a_count_with_a_risk_of_their_own_get_inputs() -> None:
    table, bad = count_of_loans({0: (60, 20), 1: (40, 4), 2: (25, 8), 3: (5, 2), 5: (3, 1)})
    fitted = Preprocessor(LOANS, PreprocessingConfig(), ("quantile",)).fit(table, bad=bad)
    assert fitted.feature_names_[:4] == ("loans", "loans < 1", "loans = 1", "loans ≥ 2"), "8 customers are no group"
    assert "inputs for values < 1, = 1, ≥ 2" in fitted.describe()[0].treatment
    found = fitted.transform(pa.table({"loans": pa.array([0.0, 1.0, 2.0, 5.0, 9.0, None])})).numerical
    first, middle, last = [1, 0, 0], [0, 1, 0], [0, 0, 1]
    assert found[:, 1:4].tolist() == [first, middle, last, last, last, middle], "missing is the median, 1"
    rises = np.array([1, 1, 3, 0]) / np.std(table["loans"].to_numpy())
    np.testing.assert_allclose(np.diff(found[:5, 0]), rises, rtol=1e-5)
    again = Preprocessor.from_files(fitted.to_files()).transform(table)
    assert np.array_equal(again.numerical, fitted.transform(table).numerical)


def test_beyond_the_largest_value_few_whole_numbers_give_an_offset_in_one_view() -> None:
    # Odds of 1 : 4, 1 : 2 and 1 : 1 are a straight line of log-odds: no inputs for groups.
    table, bad = count_of_loans({0: (125, 25), 1: (150, 50), 2: (100, 50)})
    fitted = Preprocessor(LOANS, PreprocessingConfig(), ("quantile", "standard", "robust")).fit(table, bad=bad)
    assert fitted.feature_names_ == ("loans", "loans beyond 2", "loans (standard)", "loans (robust)")
    [column] = fitted.describe()
    assert "trend continued above 2 (+0.66" in column.treatment and column.positions == (0, 1)
    found = fitted.transform(pa.table({"loans": pa.array([1.0, 2.0, 4.0, None])})).numerical
    assert (found[:, 1] == 0).tolist() == [True, True, False, True]
    assert found[2, 1] == pytest.approx(0.66 * 2 * np.log(2), rel=0.01)
    assert (found[2, [0, 2, 3]] == found[1, [0, 2, 3]]).all(), "the number itself ends at 2"
    shape = fitted.input_shape_
    assert shape.offsets == (1,) and shape.values == (0,) and shape.indicators == ()
    for view, positions in enumerate([(0, 1), (2, 1), (3, 1)]):
        assert shape.view(view)[0] == positions and shape.view(view)[1].offsets == (1,)
    again = Preprocessor.from_files(fitted.to_files())
    assert np.array_equal(again.transform(table).numerical, fitted.transform(table).numerical)


def test_values_that_the_analyst_limits_have_no_trend() -> None:
    table, bad = count_of_loans({0: (125, 25), 1: (150, 50), 2: (100, 50)})
    limited = Preprocessor(LOANS, PreprocessingConfig(outliers="winsorise")).fit(table, bad=bad)
    assert limited.feature_names_ == ("loans",) and limited.transform(table).numerical.max() < 2


def test_a_constant_for_missing_values_that_is_above_the_others_stays_in_range() -> None:
    table, bad = count_of_loans({0: (125, 25), 1: (150, 50), 2: (100, 50)})
    table = pa.table({"loans": pa.array([*table["loans"].to_pylist(), *[None] * 20], pa.float64())})
    settings = PreprocessingConfig(missing="constant", missing_constant=99.0)
    fitted = Preprocessor(LOANS, settings).fit(table, bad=np.append(bad, np.zeros(20, np.int8)))
    found = fitted.transform(table).numerical
    assert fitted.feature_names_[-1] == "loans beyond 99"
    assert (found[:, -1] == 0).all() and found[-1, 0] > found[0, 0]


@pytest.mark.parametrize("scaling", ["auto", "standard", "minmax", "robust", "quantile", "log", "none"])
def test_the_largest_constant_gives_finite_inputs(scaling: Scaling) -> None:
    settings = PreprocessingConfig(missing="constant", missing_constant=1e150, scaling=scaling)
    table = pa.table({"loans": pa.array([None, *range(99)], pa.float64())})
    found = Preprocessor(LOANS, settings).fit(table, bad=np.arange(100, dtype=np.int8) % 2).transform(table).numerical
    assert np.isfinite(found).all() and found[0, 0] > found[99, 0]


def test_monotone_columns_and_unknown_outcomes_have_no_inputs_for_values() -> None:
    table, bad = count_of_loans({0: (60, 20), 1: (40, 4), 2: (30, 11)})
    directed = Preprocessor(LOANS, PreprocessingConfig(), ("quantile",), directed={"loans": 1}).fit(table, bad=bad)
    assert directed.feature_names_ == ("loans",)
    assert Preprocessor(LOANS, PreprocessingConfig(), ("quantile",)).fit(table).feature_names_ == ("loans",)


def test_steps_of_earlier_models_are_still_read() -> None:
    column = NumericalColumn(name="loans", fill=0.0, scaling=AffineScaling(kind="none"), steps=(1.0, 2.0))
    assert column.outputs == ("loans", "loans ≥ 1", "loans ≥ 2")
    block = np.zeros((3, 3), np.float32)
    column.write(np.array([0.0, 1.0, 7.0]), block)
    assert block.tolist() == [[0, 0, 0], [1, 1, 0], [7, 1, 1]]
