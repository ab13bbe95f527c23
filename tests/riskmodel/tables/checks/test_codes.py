"""Numbers that look like special codes, and words read as missing that may be categories."""

import random

import pandas as pd
import pyarrow as pa
import pytest

from riskmodel.errors import DataError
from riskmodel.tables.checks.codes import find_likely_codes, find_numbers_with_units, find_words_read_as_missing
from riskmodel.tables.coercion.coercion import type_table
from riskmodel.tables.proposal.proposal import propose_schema, resolve_formats
from riskmodel.tables.proposal.schema_changes import SchemaChanges
from riskmodel.tables.reading.frames import strings_from_frame
from riskmodel.tables.schema.schema import Schema

DRAW = random.Random(5)
AMOUNTS = [round(DRAW.lognormvariate(7, 1), 2) for _ in range(400)]
COUNTS = [DRAW.randint(0, 60) for _ in range(400)]
BALANCES = [DRAW.randint(-2000, 90000) for _ in range(400)]


def with_code(numbers: list[float], code: float) -> list[float]:
    return [code if place % 20 == 0 else number for place, number in enumerate(numbers)]


def read(frame: pd.DataFrame, changes: SchemaChanges | None = None) -> tuple[pa.Table, Schema]:
    raw = strings_from_frame(frame)
    schema = propose_schema(raw)
    schema = schema if changes is None else resolve_formats(raw, changes.apply(schema, raw))
    return type_table(raw, schema), schema


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        *((AMOUNTS, code) for code in (-1, -9, -99, -999, 999, 9999, 99999)),
        *((COUNTS, code) for code in (-1, -7, 99, 999)),
        *((BALANCES, code) for code in (-999, 9999, 999999)),
    ],
)
def test_a_code_that_is_repeated_in_a_column_of_numbers_is_reported(numbers: list[float], code: float) -> None:
    [finding] = find_likely_codes(*read(pd.DataFrame({"amount": with_code(numbers, code)})))
    assert f"'amount' ({code} in 5.0% of the rows)" in finding.text
    assert finding.text.endswith("Declare each as missing, or as a special code to learn it separately.")
    assert finding.example == f"amount={code}"


@pytest.mark.parametrize(
    "numbers",
    [
        AMOUNTS,
        COUNTS,
        BALANCES,
        with_code(AMOUNTS, 0),
        with_code(COUNTS, -3.5),
        [-1, 0, 0, 0, 1, 2] * 60,  # a difference of counts
        [DRAW.choice([499, 999, 1999, 4999]) for _ in range(400)],  # prices
        [DRAW.choice([0, 99, 10, 50]) for _ in range(400)],
        [round(DRAW.gauss(0, 1), 3) for _ in range(400)],
        list(range(-9, 391)),
    ],
)
def test_ordinary_columns_have_no_codes(numbers: list[float]) -> None:
    assert find_likely_codes(*read(pd.DataFrame({"amount": numbers}))) == []


WORDS = ["None", "NA", "N/A", "nan", "NULL", "null", "-"]


@pytest.mark.parametrize("word", WORDS)
def test_a_word_as_frequent_as_the_categories_is_reported_and_can_be_kept(word: str) -> None:
    frame = pd.DataFrame({"lien": [word, "Mortgage", "Lien"] * 30})
    table, schema = read(frame)
    assert table["lien"].null_count == 30
    [finding] = find_words_read_as_missing(table, schema)
    assert finding.severity == "warning"
    assert f"'lien' ({word!r} 30). In 'lien', {word!r} may be a category: it is as frequent" in finding.text
    assert finding.text.endswith("To keep such a text as a category, remove it from the missing-value markers.")
    assert finding.example == f"lien={word}"
    table, schema = read(frame, SchemaChanges(categories=[f"lien={word}"]))
    assert table["lien"].to_pylist()[:3] == [word, "Mortgage", "Lien"]
    assert find_words_read_as_missing(table, schema) == []
    assert schema.column("lien").reason.endswith(f"{word!r} is kept as a category")


def test_a_rare_word_or_one_also_in_numbers_is_only_counted() -> None:
    [finding] = find_words_read_as_missing(*read(pd.DataFrame({"home": ["None", *["own", "rent"] * 60]})))
    assert (finding.severity, "'home' ('None' 1)" in finding.text) == ("note", True)
    both = read(pd.DataFrame({"home": ["NA", "own", "rent"] * 30, "age": ["NA", "18", "19.5"] * 30}))
    assert [finding.severity for finding in find_words_read_as_missing(*both)] == ["note"]


def test_a_category_to_keep_is_one_of_a_categorical_column() -> None:
    raw = strings_from_frame(pd.DataFrame({"age": [18, 19.5] * 9}))
    schema: Schema = propose_schema(raw)
    with pytest.raises(DataError, match="A category is written as COLUMN=TEXT, with a categorical column"):
        SchemaChanges(categories=["age=None"]).apply(schema, raw)


@pytest.mark.parametrize("unit", [" years", " Jahre", " ans", "个月", " km", "kW", " m²", " meses"])
def test_categories_that_are_numbers_with_a_unit_are_named(unit: str) -> None:
    [finding] = find_numbers_with_units(
        *read(pd.DataFrame({"age": [f"{number}{unit}" for number in range(20, 60)] * 5}))
    )
    assert f"'age' (40 categories such as '20{unit}')" in finding.text and finding.columns == ("age",)


@pytest.mark.parametrize("levels", [["36 months", "60 months"], [*"ABCDEF"], ["1A", "2B", "3C", "4D", "5E", "6F"]])
def test_codes_and_few_categories_are_not_numbers_with_a_unit(levels: list[str]) -> None:
    assert find_numbers_with_units(*read(pd.DataFrame({"level": levels * 20}))) == []
