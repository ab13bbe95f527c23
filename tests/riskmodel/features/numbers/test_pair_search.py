"""Pairs of columns are found if the outcome depends on them, and only then."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest
from scipy import stats

from riskmodel.config.sections.preprocessing import ColumnOverride, PreprocessingConfig
from riskmodel.features.numbers.pair_search import MAX_COLUMNS, PairInput, _score, choose_pairs
from riskmodel.features.numbers.pairs import PairColumn
from riskmodel.features.preprocessor import Preprocessor
from riskmodel.tables.schema.schema import Column, Schema

FloatArray = npt.NDArray[np.float64]


def draw(log_odds: FloatArray, seed: int = 0) -> npt.NDArray[np.int8]:
    return (np.random.default_rng(seed).random(len(log_odds)) < 1 / (1 + np.exp(-log_odds))).astype(np.int8)


def amounts(num_columns: int, num_rows: int = 6_000, seed: int = 1) -> list[FloatArray]:
    random = np.random.default_rng(seed)
    return [random.lognormal(2.0, 1.0, num_rows) for _ in range(num_columns)]


def inputs(columns: list[FloatArray], dates: tuple[int, ...] = ()) -> list[PairInput]:
    return [PairInput(PairColumn(name=f"x{i}"), values, i in dates) for i, values in enumerate(columns)]


def names(
    columns: list[FloatArray], bad: npt.NDArray[np.int8], max_pairs: int = 4, dates: tuple[int, ...] = ()
) -> list[str]:
    return [pair.name for pair in choose_pairs(inputs(columns, dates), [], bad, max_pairs)]


def test_the_ratio_that_decides_is_found_first() -> None:
    columns = amounts(8)
    assert names(columns, draw(2.0 * np.log(columns[2] / columns[5])))[0] == "x2 ÷ x5"


def test_the_difference_that_decides_is_found_first() -> None:
    columns = [values - 12.0 for values in amounts(8)]
    assert names(columns, draw(np.where(columns[6] > columns[1], 2.0, -2.0)))[0] == "x1 − x6"


def test_days_between_two_dates_are_a_difference_and_never_a_ratio() -> None:
    random = np.random.default_rng(2)
    start = random.integers(10_000, 12_000, 6_000).astype(np.float64)
    end = start + random.integers(0, 400, 6_000)
    number = random.normal(size=6_000)
    found = names([start, end, number], draw((end - start - 200) / 50), dates=(0, 1))
    assert found[0] == "x0 − x1" and not [name for name in found if "÷" in name]


def test_where_columns_decide_by_themselves_no_pair_is_found() -> None:
    columns = amounts(8)
    assert names(columns, draw(np.log(columns[0]) - 2.0 + 0.5 * (columns[1] > 7))) == []


def test_where_nothing_decides_false_pairs_are_rare() -> None:
    columns = amounts(10)
    found = [len(names(columns, draw(np.full(6_000, -1.0), seed))) for seed in range(20)]
    assert sum(found) <= 10, found  # 90 candidates a file, and at most one in a thousand or one a file by chance


def test_a_column_is_not_repeated() -> None:
    columns = amounts(4)
    columns[3] = np.full(6_000, 5.0) + np.random.default_rng(3).random(6_000) / 100
    bad = draw(np.where(np.sin(columns[0]) > 0, 2.0, -2.0))  # finer than the bins of the column by itself
    assert not [name for name in names(columns, bad, max_pairs=8) if "x0" in name and "x3" in name]


def test_no_more_pairs_than_asked_for_and_none_twice() -> None:
    columns = amounts(8)
    log_odds = sum(np.where(columns[i] > columns[i + 1], 1.5, -1.5) for i in range(0, 8, 2))
    found = names(columns, draw(np.asarray(log_odds)), max_pairs=3)
    assert len(found) == len(set(found)) == 3


def test_of_many_columns_the_most_informative_are_paired() -> None:
    columns = amounts(MAX_COLUMNS + 30, 3_000)
    first, last = columns[0], columns[-1]
    bad = draw(1.5 * np.log(first) + 1.5 * np.log(last) - 6.0 + 2.0 * (first > last))
    assert all({pair.first.name, pair.second.name} for pair in choose_pairs(inputs(columns), [], bad, 4))
    assert names(columns, bad)[0] in {f"x0 ÷ x{len(columns) - 1}", f"x0 − x{len(columns) - 1}"}


def test_the_risk_of_levels_is_known_before_pairs_are_sought() -> None:
    """Bad customers of one city have a distinct ratio; given the city, the ratio has no further information."""
    random = np.random.default_rng(4)
    city = random.integers(0, 2, 6_000)
    columns = amounts(3)
    columns[1] = columns[0] * np.where(city == 1, 3.0, 1.0) * random.lognormal(0.0, 0.3, 6_000)
    bad = draw(np.where(city == 1, 1.0, -1.0))
    assert names(columns, bad)
    assert choose_pairs(inputs(columns), [city.astype(np.float64)], bad, 4) == []


def test_the_score_is_a_chi_square_statistic_as_a_normal_value() -> None:
    random = np.random.default_rng(5)
    bins = random.integers(0, 16, 4_000).astype(np.uint8)
    bad = (random.random(4_000) < 0.3) | ((bins == 3) & (random.random(4_000) < 0.2))
    residual, weight = bad - 0.3, np.full(4_000, 0.3 * 0.7)
    statistic = sum(residual[bins == b].sum() ** 2 / weight[bins == b].sum() for b in range(16))
    assert _score(bins, residual, weight) == pytest.approx(stats.norm.isf(stats.chi2.sf(statistic, 15)), abs=0.03)


SCHEMA = Schema(
    columns=(
        Column(name="limit", kind="numerical"),
        Column(name="balance", kind="numerical"),
        Column(name="city", kind="categorical"),
        Column(name="opened", kind="date"),
        Column(name="closed", kind="date"),
    )
)


def customers(num_rows: int = 4_000) -> tuple[pa.Table, npt.NDArray[np.int8]]:
    """A balance near its limit is bad; of every tenth customer the balance is missing, or −9 for unknown."""
    random = np.random.default_rng(6)
    limit = random.lognormal(8.0, 1.0, num_rows).round()
    balance = (limit * random.random(num_rows)).round()
    bad = draw(6.0 * balance / limit - 3.0)
    balance[::20], balance[10::20] = np.nan, -9.0
    opened = random.integers(10_000, 12_000, num_rows)
    table = pa.table(
        {
            "limit": limit,
            "balance": pa.array(balance, from_pandas=True),
            "city": random.choice(["Oslo", "Rome"], num_rows),
            "opened": pa.array(opened.astype("datetime64[D]")),
            "closed": pa.array((opened + random.integers(0, 100, num_rows)).astype("datetime64[D]")),
        }
    )
    return table, bad


CONFIG = PreprocessingConfig(pairs=2, scaling="none", overrides={"balance": ColumnOverride(special_codes=(-9.0,))})


def test_a_pair_becomes_an_input_whose_missing_values_are_its_median() -> None:
    table, bad = customers()
    fitted = Preprocessor(SCHEMA, CONFIG).fit(table, None, bad)
    assert fitted.pair_names_[0] == "limit ÷ balance"
    values = fitted.transform(table).numerical[:, fitted.feature_names_.index("limit ÷ balance")]
    limit, balance = (table[name].to_numpy() for name in ("limit", "balance"))
    known = np.flatnonzero(balance > 0)
    assert (np.diff(values[known[np.argsort((limit / np.maximum(balance, 1.0))[known])]]) >= 0).all()
    unknown = np.isnan(balance) | (balance == -9)
    assert set(values[unknown].tolist()) == {np.float32(np.median(values[~unknown]))}


def test_pairs_survive_the_files_and_need_their_columns_alone() -> None:
    table, bad = customers()
    fitted = Preprocessor(SCHEMA, CONFIG, ("quantile", "robust")).fit(table, None, bad)
    again = Preprocessor.from_files(fitted.to_files())
    assert np.array_equal(again.transform(table).numerical, fitted.transform(table).numerical)
    assert again.pair_names_ == fitted.pair_names_ and again.inputs_used == SCHEMA.inputs


def test_pairs_are_described_after_the_columns() -> None:
    table, bad = customers()
    fitted = Preprocessor(SCHEMA, CONFIG).fit(table, None, bad)
    summaries = fitted.describe()
    assert [summary.column for summary in summaries] == [*SCHEMA.inputs, *fitted.pair_names_]
    pair = summaries[len(SCHEMA.inputs)]
    assert pair.treatment.startswith("ratio of 'limit' to 'balance', as an angle in radians; ")
    assert "missing → median" in pair.treatment
    assert [fitted.feature_names_[place] for place in pair.positions] == ["limit ÷ balance"]


def test_unpaired_columns_and_unknown_outcomes_give_no_pairs() -> None:
    table, bad = customers()
    assert Preprocessor(SCHEMA, CONFIG).fit(table).pair_names_ == ()
    assert Preprocessor(SCHEMA, PreprocessingConfig()).fit(table, None, bad).pair_names_ == ()
    apart = Preprocessor(SCHEMA, CONFIG, directed={"limit": 1}).fit(table, None, bad)
    assert not [name for name in apart.pair_names_ if "limit" in name]


def test_a_pair_never_takes_the_name_of_a_column() -> None:
    table, bad = customers()
    schema = Schema(columns=(*SCHEMA.columns, Column(name="limit ÷ balance", kind="numerical")))
    table = table.append_column("limit ÷ balance", pa.array(np.arange(table.num_rows, dtype=np.float64)))
    fitted = Preprocessor(schema, CONFIG).fit(table, None, bad)
    assert "limit ÷ balance" not in fitted.pair_names_
    assert len(set(fitted.feature_names_)) == len(fitted.feature_names_)
