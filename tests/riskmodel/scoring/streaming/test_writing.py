"""Files in another format than the training file: equal scores, or an exact reason."""

import csv
import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.config.sections.preprocessing import PreprocessingConfig
from riskmodel.errors import DataError
from riskmodel.features.preprocessor import Preprocessor
from riskmodel.scoring.model.network import OnnxNetwork
from riskmodel.scoring.model.ranges import learn_ranges
from riskmodel.scoring.model.reference import Reference
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.scoring.streaming.inspection import inspect_file
from riskmodel.scoring.streaming.stream import score_file
from riskmodel.scoring.streaming.writing import Writing
from riskmodel.tables.coercion.coercion import type_table
from riskmodel.tables.schema.schema import Column, Schema
from riskmodel.tables.values.dates import is_date_format
from riskmodel.tables.values.number_formats import format_of_example
from riskmodel.tables.values.numbers import NumberFormat
from tests.riskmodel.scoring.conftest import make_model, make_network

SCHEMA = Schema(
    columns=(
        Column(name="opened", kind="date"),
        Column(name="rate", kind="numerical", number_format=NumberFormat(affix="%")),
        Column(name="income", kind="numerical", special_texts=("-9",)),
        Column(name="city", kind="categorical"),
        Column(name="bad", kind="target"),
    ),
    bad_values=("1",),
)
DAYS = [f"2020-{month:02d}-{day:02d}" for month in (1, 5, 9) for day in (2, 11, 19, 28)]
RATES = [f"{rate:.1f}%" for rate in np.linspace(5.5, 30.2, len(DAYS))]
INCOMES = [f"{income:.2f}" for income in np.linspace(812.75, 9100.25, len(DAYS))]
ROWS = pa.table({"opened": DAYS, "rate": RATES, "income": INCOMES, "city": ["Oslo", "Rome"] * 6, "bad": ["0", "1"] * 6})


def make() -> RiskModel:
    typed = type_table(ROWS, SCHEMA)
    preprocessor = Preprocessor(SCHEMA, PreprocessingConfig(rare_share=0.0)).fit(typed)
    return replace(
        make_model(),
        schema=SCHEMA,
        preprocessor=preprocessor,
        network=OnnxNetwork(make_network(preprocessor.input_shape_.num_numerical)),
        reference=Reference(
            training_probability_counts=(1,) * 40, training_ranges=learn_ranges(typed, SCHEMA.numerical)
        ),
    )


MODEL = make()
RIGHT = MODEL.predict_typed(type_table(ROWS, SCHEMA)).tolist()


def write(folder: Path, **changed: list[str]) -> Path:
    path = folder / "new.csv"
    columns = {name: changed.get(name, ROWS[name].to_pylist()) for name in ROWS.column_names if name != "bad"}
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([list(columns), *zip(*columns.values(), strict=True)])
    return path


def scores(source: Path, writing: Writing, folder: Path) -> list[float]:
    score_file(MODEL, source, output_csv=folder / "scored.csv", writing=writing)
    with (folder / "scored.csv").open(encoding="utf-8") as stream:
        return [float(row["probability"]) for row in csv.DictReader(stream)]


def as_day(date_format: str) -> list[str]:
    return [str(text) for text in pd.to_datetime(DAYS).strftime(date_format)]


FRACTIONS = [f"{float(rate[:-1]) / 100:.3f}" for rate in RATES]
OTHERS: list[tuple[str, list[str], str]] = [
    ("opened", as_day("%d.%m.%Y"), "%d.%m.%Y"),
    ("opened", as_day("%m/%d/%Y"), "%m/%d/%Y"),
    ("rate", [rate.replace(".", ",") for rate in RATES], "12,5 %"),
    ("rate", FRACTIONS, "1234.50"),
    ("income", [f"{float(each):,.2f} €" for each in INCOMES], "1,234.50 €"),
    ("income", [f"{float(each):.2f}".replace(".", ",") for each in INCOMES], "1234,50"),
]


@pytest.mark.parametrize(("column", "cells", "example"), OTHERS)
def test_the_refusal_names_the_format_with_which_the_scores_are_those_of_the_training_writing(
    tmp_path: Path, column: str, cells: list[str], example: str
) -> None:
    source = write(tmp_path, **{column: cells})
    with pytest.raises(DataError, match=f"Nothing was scored: column '{column}' has 12 values") as refused:
        score_file(MODEL, source, output_csv=tmp_path / "scored.csv")
    kind = "date" if column == "opened" else "number"
    remedy = f"If so, set the {kind} format of '{column}' to '{example}'."
    assert remedy in str(refused.value) and refused.value.settings == (f"{kind}_format", "force")
    assert not (tmp_path / "scored.csv").exists()
    found = inspect_file(MODEL, source)
    assert found.needs_force and remedy in found.changed[0].describe_unparsable()
    formats = {column: example} if column == "opened" else {column: format_of_example(example)}
    writing = Writing(date_formats=formats) if column == "opened" else Writing(number_formats=formats)  # type: ignore[arg-type]
    assert scores(source, writing, tmp_path) == pytest.approx(RIGHT, abs=1e-9)
    checked = inspect_file(MODEL, source, writing=writing)
    assert not checked.needs_force and any(f"Column '{column}' is read as" in note for note in checked.notes)


def test_cells_that_can_be_read_are_not_scored_in_a_column_that_is_written_in_another_way(tmp_path: Path) -> None:
    # 02/01/2020 is 2 January in this file; by the training file's format it would be 1 February.
    american = Writing(date_formats={"opened": "%m/%d/%Y"}).apply(MODEL)
    assert Writing(date_formats={"opened": "MM/DD/YYYY"}).apply(MODEL).schema == american.schema
    with pytest.raises(
        DataError, match=r"column 'opened' has 6 values \(50.0%\).*set the date format of 'opened' to '%d/%m/%Y'"
    ):
        score_file(american, write(tmp_path, opened=as_day("%d/%m/%Y")))
    one = [*as_day("%m/%d/%Y")[:-1], "28/09/2020"]
    assert score_file(american, write(tmp_path, opened=one)).num_scored == 11  # one typing error refuses its row only


def test_no_factor_of_a_hundred_is_scored(tmp_path: Path) -> None:
    points = [rate[:-1] for rate in RATES]
    with pytest.raises(DataError, match=r"'5\.5' would then mean 550 %, but most numbers of the training file are"):
        score_file(MODEL, write(tmp_path, rate=points))
    plainly = Writing(number_formats={"rate": NumberFormat()})
    with pytest.raises(DataError, match="Column 'rate' is written with '%' either in the training file or in this one"):
        score_file(MODEL, write(tmp_path, rate=points), writing=plainly)
    assert inspect_file(MODEL, write(tmp_path, rate=points), writing=plainly).needs_force
    frame = ROWS.to_pandas()
    frame["rate"] = [float(rate) for rate in FRACTIONS]
    assert MODEL.predict_probability(frame).tolist() == pytest.approx(RIGHT)
    with pytest.raises(DataError, match=r"12 of its 12 numbers are outside the range .* \(12 % is 0.12\)"):
        MODEL.predict_probability(frame.assign(rate=frame["rate"] * 100))


@pytest.mark.parametrize(
    ("writing", "reason"),
    [
        (Writing(date_formats={"opened": "dd.mm"}), "'%d.%m' is not a date format"),
        (Writing(date_formats={"opened": "%d.%m.%y"}), "does not state the century of two-digit years"),
        (Writing(date_formats={"city": "%Y"}), "Column 'city' is categorical in the model; a date format is for"),
        (Writing(number_formats={"incme": NumberFormat()}), "no column 'incme'. Did you mean 'income'"),
        (
            Writing(number_formats={"income": NumberFormat(affix="%")}),
            "Column 'income' has the special or missing code '-9', which is no number written like 12.5 %",
        ),
    ],
)
def test_a_writing_that_is_not_for_the_models_columns_is_refused(writing: Writing, reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        writing.apply(MODEL)


def test_texts_are_missing_in_one_column_or_in_all(tmp_path: Path) -> None:
    source = write(tmp_path, income=["unknown", *INCOMES[1:]], city=["unknown", *ROWS["city"].to_pylist()[1:]])
    empty = scores(
        write(tmp_path, income=["", *INCOMES[1:]], city=["", *ROWS["city"].to_pylist()[1:]]), Writing(), tmp_path
    )
    source = write(tmp_path, income=["unknown", *INCOMES[1:]], city=["unknown", *ROWS["city"].to_pylist()[1:]])
    assert scores(source, Writing(missing=["unknown"]), tmp_path) == empty
    report = score_file(MODEL, source, writing=Writing(missing=["income=unknown"]))
    assert (report.num_scored, report.unseen["city"].first_value) == (12, "unknown")
    assert report.notes == ("'unknown' is read as missing in column 'income', as chosen.",)


NAMED_FORMATS = ["%d %b %Y", "%Y/%m/%d", "%d.%m.%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y%m%d"]


@given(st.sampled_from(list(itertools.product(NAMED_FORMATS, NAMED_FORMATS))))
def test_a_column_of_dates_is_read_rightly_or_reported(formats: tuple[str, str]) -> None:
    expected, written = formats
    model = Writing(date_formats={"opened": expected}).apply(MODEL)
    rows = ROWS.drop_columns(["opened"]).append_column("opened", pa.array(as_day(written)))
    batch = model.score_batch(rows)
    good = ~np.isnan(batch.probability)
    if "opened" not in batch.unparsable:
        assert batch.probability.tolist() == pytest.approx(RIGHT)
    else:
        assert good.mean() <= 0.9  # and therefore refused as a whole


def test_a_date_format_has_a_year_a_month_and_known_codes() -> None:
    right = ("%d.%m.%Y", "%y%m%d", "%b %Y", "%d%b%Y:%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%f%z")
    wrong = ("foo", "%d.%m", "%Y", "%m/%d/%Y %m", "%d.%m.%Y %y", "%d.%m.%Y %A", "dd.mm.yyyy", "")
    assert [is_date_format(text) for text in (*right, *wrong)] == [True] * len(right) + [False] * len(wrong)


def test_a_column_is_read_from_a_chosen_one_if_the_file_lacks_it(tmp_path: Path) -> None:
    plain = scores(write(tmp_path), Writing(), tmp_path)
    renamed = write(tmp_path)
    renamed.write_text(renamed.read_text(encoding="utf-8").replace("income", "salary", 1), encoding="utf-8")
    with pytest.raises(DataError, match="The file lacks 1 column that the model needs: 'income'"):
        score_file(MODEL, renamed)
    writing = Writing(sources={"income": "salary"})
    assert inspect_file(MODEL, renamed, writing=writing).can_be_scored
    assert scores(renamed, writing, tmp_path) == plain
    assert score_file(MODEL, renamed, writing=writing).notes == ("Column 'income' is read from 'salary', as chosen.",)
    # A column that the model reads itself is no source, and a file with the column is read as it is.
    for sources in ({"income": "city"}, {"city": "salary"}, {"income": "absent"}):
        assert not inspect_file(MODEL, renamed, writing=Writing(sources=sources)).can_be_scored
    whole = write(tmp_path)
    assert score_file(MODEL, whole, writing=Writing(sources={"income": "city"})).notes == ()
