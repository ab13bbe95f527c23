"""Datasets, their profile, frames, and the sample customers."""

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from riskmodel.config.sections.preprocessing import PreprocessingConfig
from riskmodel.errors import DataError
from riskmodel.features.preprocessor import Preprocessor
from riskmodel.tables.dataset import Dataset, dataset_id
from riskmodel.tables.profiling.profile import profile_dataset
from riskmodel.tables.reading.frames import strings_from_frame
from riskmodel.tables.sample import write_sample
from riskmodel.tables.schema.dialect import Dialect
from riskmodel.tables.schema.schema import Column, Schema
from riskmodel.tables.values.numbers import NumberFormat

SAMPLE = Path(__file__).parents[3] / "sample_data" / "customers.csv"


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    path = tmp_path / "customers.csv"
    path.write_text("id,x,city,bad\n01,1,Oslo,0\n02,,Rome,1\n03,3,Oslo,0\n04,5,NA,\n")
    schema = {"id": "identifier", "x": "numerical", "city": "categorical"}
    typed = Dataset.from_file(path, target="bad", identifiers=["id"])
    return Dataset.from_strings(
        strings_from_frame(pd.read_csv(path, dtype=str, keep_default_na=False)), typed.schema.with_kinds(schema), "four"
    )


def test_outcomes_are_bad_good_or_unknown(dataset: Dataset) -> None:
    assert dataset.bad().tolist() == [0, 1, 0, -1]


def test_a_stored_dataset_is_equal_with_the_same_id(dataset: Dataset, tmp_path: Path) -> None:
    for name in ("one", "two"):
        dataset.write_parquet(tmp_path / name)
    again = Dataset.read_parquet(tmp_path / "one")
    assert again.table.equals(dataset.table)
    assert (again.schema, again.name) == (dataset.schema, "four")
    assert dataset_id(tmp_path / "one") == dataset_id(tmp_path / "two")
    (tmp_path / "one").write_bytes(b"PAR1 nothing")
    with pytest.raises(DataError, match="is not a readable Parquet file"):
        Dataset.read_parquet(tmp_path / "one")
    with pytest.raises(DataError, match="There is no dataset file"):
        Dataset.read_parquet(tmp_path / "three")


def test_an_ignored_column_is_text_as_in_the_file(dataset: Dataset) -> None:
    cells = {"id": ["01", "02", "03", "04"], "x": ["1", "", " 3", "5.0"], "city": ["Oslo", "Rome", "Oslo", "NA"]}
    raw = strings_from_frame(pd.DataFrame({**cells, "bad": ["0", "1", "0", ""]}))
    without = dataset.with_ignored(["x"], raw)
    assert without.table["x"].to_pylist() == ["1", "", " 3", "5.0"]
    assert without.schema.kind_of("x") == "ignored" and without.schema.inputs == ("city",)
    assert without.table["city"].equals(dataset.table["city"]) and without.bad().tolist() == [0, 1, 0, -1]
    with pytest.raises(DataError, match="'bad' is the target and keeps its role"):
        dataset.with_ignored(["bad"], raw)
    with pytest.raises(DataError, match="has 4 rows and 4 columns, the file 3 and 4"):
        dataset.with_ignored(["x"], raw.slice(0, 3))
    with pytest.raises(DataError, match="There is no column 'cityy'"):
        dataset.with_ignored(["cityy"], raw)


def test_a_changed_role_reads_the_column_again(dataset: Dataset) -> None:
    cells = {"id": ["01", "02", "03", "04"], "x": ["1", "", " 3", "5.0"], "city": ["Oslo", "Rome", "Oslo", "NA"]}
    raw = strings_from_frame(pd.DataFrame({**cells, "bad": ["0", "1", "0", ""]}))
    changed = dataset.with_columns([Column(name="id", kind="numerical"), Column(name="x", kind="categorical")], raw)
    assert changed.table["id"].to_pylist() == [1.0, 2.0, 3.0, 4.0]
    assert changed.table["x"].to_pylist() == ["1", None, "3", "5"]
    assert changed.table["city"].equals(dataset.table["city"]) and changed.bad().tolist() == [0, 1, 0, -1]
    with pytest.raises(DataError, match="'city' has 3 values"):
        dataset.with_columns([Column(name="city", kind="numerical")], raw)
    with pytest.raises(DataError, match="There is no column 'cityy'"):
        dataset.with_columns([Column(name="cityy", kind="ignored")], raw)


def test_a_profile_worked_out_by_hand(dataset: Dataset) -> None:
    profile = {column.name: column for column in profile_dataset(dataset)}
    x, city = profile["x"], profile["city"]
    assert (x.missing, x.missing_share, x.distinct, x.minimum, x.maximum, x.mean) == (1, 0.25, 3, 1.0, 5.0, 3.0)
    assert x.missing_bad_rate == 1.0
    assert city.levels == ("Oslo", "Rome")
    assert city.counts == (2, 1)
    assert city.bad_rate_by_bin == (0.0, 1.0)


def test_a_schema_survives_json_and_rejects_unknown_columns(dataset: Dataset) -> None:
    assert Schema.from_json(dataset.schema.to_json()) == dataset.schema
    with pytest.raises(DataError, match="'city'"):
        dataset.schema.kind_of("citty")


def test_a_frame_becomes_the_strings_of_its_file() -> None:
    frame = pd.DataFrame(
        {"n": [1.0, None], "f": [0.1, 2.0], "t": ["a", None], "d": pd.to_datetime(["2024-01-31", None])}
    )
    assert strings_from_frame(frame).to_pydict() == {
        "n": ["1", ""],
        "f": ["0.1", "2"],
        "t": ["a", ""],
        "d": ["2024-01-31", ""],
    }
    with pytest.raises(DataError, match="has no rows"):
        strings_from_frame(frame.head(0))


def test_numbers_of_a_frame_are_plain_in_any_format() -> None:
    income = Column(name="income", kind="numerical", number_format=NumberFormat(decimal_mark=",", thousands_mark="."))
    schema = Schema(columns=(income, Column(name="bad", kind="target")), bad_values=("1",))
    numbers = Dataset.from_frame(pd.DataFrame({"income": [1.234, 2.5], "bad": [0, 1]}), schema)
    assert numbers.table["income"].to_pylist() == [1.234, 2.5]
    texts = Dataset.from_frame(pd.DataFrame({"income": ["1.234", "2,5"], "bad": [0, 1]}), schema)
    assert texts.table["income"].to_pylist() == [1234.0, 2.5]


def test_the_sample_file_is_what_the_generator_writes(tmp_path: Path) -> None:
    write_sample(tmp_path / "customers.csv", 5000)
    assert (tmp_path / "customers.csv").read_bytes() == SAMPLE.read_bytes()


def test_the_sample_has_a_sensible_signal() -> None:
    sample = Dataset.from_file(SAMPLE, target="defaulted", identifiers=["customer_id"])
    rows = np.random.default_rng(0).permutation(sample.num_rows)
    train, test = rows[:3500], rows[3500:]
    inputs = (
        Preprocessor(sample.schema, PreprocessingConfig()).fit(sample.table, train).transform(sample.table).numerical
    )
    plain = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000, C=0.1)).fit(
        inputs[train], sample.bad()[train]
    )
    assert 0.74 < roc_auc_score(sample.bad()[test], plain.predict_proba(inputs[test])[:, 1]) < 0.86


def test_a_parquet_file_is_typed_like_the_same_text(tmp_path: Path) -> None:
    text, parquet = tmp_path / "loans.csv", tmp_path / "loans.parquet"
    rows = [(f"{row:03d}", 1000 + 7.5 * row, datetime.date(2015, 3, 1 + row % 28), row % 3 == 0) for row in range(60)]
    names = ["id", "income", "opened", "bad"]
    lines = [f"{key},{income:g},{day},{str(bad).lower()}" for key, income, day, bad in rows]
    text.write_text("\n".join([",".join(names), *lines]) + "\n", encoding="utf-8")
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    pq.write_table(pa.table({name: list(cells) for name, cells in columns.items()}), parquet)
    typed = [Dataset.from_file(path, target="bad", bad="true", identifiers=["id"]) for path in (text, parquet)]
    assert typed[0].table.equals(typed[1].table)
    assert typed[0].schema.with_layout(None) == typed[1].schema
    assert typed[0].schema.layout == Dialect()
