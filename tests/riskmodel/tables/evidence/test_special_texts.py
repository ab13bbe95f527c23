"""Texts in a number or date column that are special codes: neither values nor missing."""

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.config.run import RunConfig
from riskmodel.config.sections.preprocessing import PreprocessingConfig
from riskmodel.errors import DataError, DataWarning
from riskmodel.features.preprocessor import Preprocessor
from riskmodel.scoring.streaming.stream import score_file
from riskmodel.tables.coercion.coercion import coerce_table
from riskmodel.tables.comparing.comparison import compare
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.evidence.special_texts import hide_special_codes, name_special_code
from riskmodel.tables.profiling.profile import profile_dataset
from riskmodel.tables.proposal.schema_changes import SchemaChanges
from riskmodel.tables.quality import check_quality
from riskmodel.tables.schema.schema import Column, Schema
from riskmodel.training.entry import train

TEXTS = ["N/D", "refused", ".a", "-n/a", "#DIV/0!", "99", "unbekannt"]


def table_of(**columns: list[str]) -> pa.Table:
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def schema_of(kind: str, *special: str, **fields: object) -> Schema:
    return Schema(columns=(Column(name="x", kind=kind, special_texts=special, **fields),))  # type: ignore[arg-type]


def named(cells: list[str], schema: Schema) -> tuple[list[object], list[bool]]:
    """The typed cells with special codes by their text, and the unreadable cells."""
    typed, wrong = coerce_table(table_of(x=cells), schema, ["x"])
    column = schema.column("x")
    result = [name_special_code(column, value) or value for value in typed["x"].to_pylist()]
    return result, wrong["x"].mask.tolist() if wrong else [False] * len(cells)


def test_a_code_is_neither_a_number_nor_missing_and_other_texts_are_unreadable() -> None:
    schema = schema_of("numerical", "N/D", "refused", "99")
    cells = ["1.5", " N/D ", "", "refused", "NA", "99.0", "99", "n/d", "'=x"]
    result, wrong = named(cells, schema)
    assert result == [1.5, "N/D", None, "refused", None, "99", "99", None, None]
    assert wrong == [False] * 7 + [True, True]


def test_a_code_takes_precedence_over_a_missing_value_marker() -> None:
    assert named(["NA", "1"], schema_of("numerical", "NA"))[0] == ["NA", 1.0]
    assert named(["-9", "1"], schema_of("numerical", "-9", missing_markers=("", "-9")))[0] == ["-9", 1.0]


def test_codes_of_dates() -> None:
    schema = schema_of("date", "9999-12-31", "open")
    result, wrong = named(["2020-02-29", "open", "", "9999-12-31", "0003-01-01"], schema)
    assert result == [date(2020, 2, 29), "open", None, "9999-12-31", None]
    assert wrong == [False] * 4 + [True]  # the day of a code is not a value
    typed, _ = coerce_table(table_of(x=["2020-02-29", "open"]), schema, ["x"])
    assert hide_special_codes(typed, schema)["x"].to_pylist() == [date(2020, 2, 29), None]


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    cells=st.lists(st.sampled_from(["7", "-0.5", "1e3", "", "NA", "other", *TEXTS]), min_size=1, max_size=30),
    special=st.lists(st.sampled_from(TEXTS), unique=True),
    spaces=st.sampled_from(["", " ", "\u00a0"]),
)
def test_any_codes_leave_the_other_cells_unchanged(cells: list[str], special: list[str], spaces: str) -> None:
    plain, plain_wrong = named(cells, schema_of("numerical"))
    result, wrong = named([f"{spaces}{cell}{spaces}" for cell in cells], schema_of("numerical", *special))
    codes = [cell in special for cell in cells]
    expected = [cell if code else value for cell, code, value in zip(cells, codes, plain, strict=True)]
    assert result == expected
    assert wrong == [bad and not code for bad, code in zip(plain_wrong, codes, strict=True)]


def test_the_preprocessing_marks_each_code_and_imputes_it() -> None:
    schema = Schema(
        columns=(
            Column(name="x", kind="numerical", special_texts=("N/D", "refused", "never seen")),
            Column(name="since", kind="date", special_texts=("open",)),
        )
    )
    raw = table_of(x=["1", "3", "N/D", "", "5", "refused"], since=["2020-01-01", "2020-01-03", "open"] * 2)
    table, _ = coerce_table(raw, schema, ["x", "since"])
    fitted = Preprocessor(schema, PreprocessingConfig(scaling="none", outliers="winsorise")).fit(table)
    assert fitted.feature_names_ == ("x", "x missing", "x is N/D", "x is refused", "since days", "since is open")
    assert fitted.as_of_ == date(2020, 1, 3)
    result = Preprocessor.from_files(fitted.to_files()).transform(table).numerical
    assert result[:, 1:4].tolist() == [[0, 0, 0], [0, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 0], [0, 0, 1]]
    assert result[2:4, 0].tolist() == [3.0, 3.0] and result[:, 0].min() >= 1 and result[:, 0].max() <= 5
    assert result[:3, 4].tolist() == [2.0, 0.0, 1.0] and result[:3, 5].tolist() == [0.0, 0.0, 1.0]


def make_file(path: Path, num_rows: int = 600) -> Path:
    """Nearly all who refused are bad, and one in five of all others, with or without a missing income."""
    random = np.random.default_rng(3)
    text = np.where(random.random(num_rows) < 0.04, "refused", np.where(random.random(num_rows) < 0.2, "", "number"))
    bad = random.random(num_rows) < np.where(text == "refused", 0.95, 0.2)
    numbers = random.uniform(1e4, 2e5, num_rows)
    incomes = [f"{number:.2f}" if kind == "number" else str(kind) for number, kind in zip(numbers, text, strict=True)]
    path.write_text("\n".join(["income,bad", *(f"{income},{int(b)}" for income, b in zip(incomes, bad, strict=True))]))
    return path


def test_a_model_learns_that_a_code_is_risky_although_missing_is_not(tmp_path: Path) -> None:
    path = make_file(tmp_path / "a.csv")
    with pytest.warns(DataWarning, match="Column 'income': 'refused' is a special code, learned separately"):
        dataset = Dataset.from_file(path, target="bad", bad="1", changes=SchemaChanges(unreadable={"income": "code"}))
    column = dataset.schema.column("income")
    assert (column.special_texts, column.extra_markers) == (("refused",), ())
    assert column.reason.endswith("read as special codes")
    training = {"epochs": 40, "batch_size": 64, "learning_rate": 0.05}
    config = RunConfig.from_dict({"network": {"architecture": "logistic"}, "training": training})
    model = train(dataset, config=config, device="cpu").model
    raw = table_of(income=["refused", "", "100000", "unknown"])
    batch = model.score_batch(raw)
    refused, missing, number, _ = batch.probability.tolist()
    assert refused > 0.5 and missing < 0.4 and number < 0.4
    assert batch.reason.to_pylist() == [None, None, None, "'income' is not a number: unknown"]
    (tmp_path / "b.csv").write_text("income\nrefused\n\n100000\nunknown\n")
    report = score_file(model, tmp_path / "b.csv", output_csv=tmp_path / "out.csv")
    assert report.unparsable["income"].count == 1


def test_codes_are_not_values_in_profile_checks_and_versions() -> None:
    numbers = [str(row % 50) for row in range(200)]
    with_codes = ["refused" if row % 10 == 0 else number for row, number in enumerate(numbers)]
    missing = ["" if row % 10 == 0 else number for row, number in enumerate(numbers)]
    outcomes = ["1" if row % 4 == 0 else "0" for row in range(200)]
    columns = (Column(name="x", kind="numerical", special_texts=("refused",)), Column(name="bad", kind="target"))
    schema = Schema(columns=columns, bad_values=("1",))
    coded, plain = (
        Dataset.from_strings(table_of(x=cells, bad=outcomes), schema, "a") for cells in (with_codes, missing)
    )
    (of_codes, _), (of_plain, _) = profile_dataset(coded), profile_dataset(plain)
    assert (of_codes.minimum, of_codes.maximum, of_codes.mean, of_codes.edges) == (
        of_plain.minimum,
        of_plain.maximum,
        of_plain.mean,
        of_plain.edges,
    )
    assert of_codes.note == "20 of the missing cells are special codes ('refused')"
    assert check_quality(coded).findings == check_quality(plain).findings
    shift = compare(coded, plain).columns[-1].shift
    assert shift is not None and shift.psi == 0.0


def test_a_single_text_is_named() -> None:
    raw = table_of(x=[*map(str, range(100)), "N/D", "refused"])
    proposed = Column(name="x", kind="numerical", missing_markers=("", "N/D", "refused"), reason="numbers")
    schema = SchemaChanges(special=["x=N/D"]).apply(Schema(columns=(proposed,)), raw)
    assert (schema.column("x").special_texts, schema.column("x").extra_markers) == (("N/D",), ("refused",))
    changes = SchemaChanges(unreadable={"x": "code"}, missing=["x=refused"])
    schema = changes.apply(Schema(columns=(proposed,)), raw)
    assert (schema.column("x").special_texts, schema.column("x").extra_markers) == (("N/D",), ("refused",))
    assert Schema.from_json(schema.to_json()) == schema


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            SchemaChanges(special=["x=a"], kinds={"x": "categorical"}),
            "Column 'x' is categorical: special codes are",
        ),
        (SchemaChanges(special=["y=a"]), "A special code is written as COLUMN=TEXT"),
        (SchemaChanges(unreadable={"x": "code"}), "Column 'x' has 60 different special codes \\(first: 'a0'\\)"),
    ],
)
def test_impossible_codes_are_errors(changes: SchemaChanges, words: str) -> None:
    with pytest.raises(DataError, match=words):
        changes.apply(schema_of("numerical"), table_of(x=[f"a{row}" for row in range(60)]))
