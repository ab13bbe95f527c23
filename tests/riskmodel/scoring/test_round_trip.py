"""A scored file that is read again gives equal scores, after any program has written it."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskmodel.config.sections.preprocessing import PreprocessingConfig
from riskmodel.features.preprocessor import Preprocessor
from riskmodel.scoring.model.network import OnnxNetwork
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.scoring.streaming.stream import score_file
from riskmodel.tables.arrow import strings
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.schema.schema import Column, Schema
from tests.real_data import shared_case
from tests.riskmodel.scoring.conftest import make_model, make_network

GRADES = ["1", "2", "10"]
OWNERS = ["True", "False"]
BUCKETS = ["+30 days", "-", "@risk", "=late", "none;=x", "Zürich"]
BALANCES = ["-4,102.38", "1,000.50", "-", "-0.25", "-refused"]
COLUMNS = {"grade": GRADES, "owner": OWNERS, "+12m": BUCKETS, "balance": BALANCES}
SCORED = ("probability", "model_probability", "model_model_probability")


def make_dataset(columns: dict[str, list[str]], num_rows: int = 60, seed: int = 0) -> Dataset:
    """Customers with random values of each column."""
    random = np.random.default_rng(seed)
    cells = {name: random.choice(values, num_rows).tolist() for name, values in columns.items()}
    raw = pa.table({name: strings(values) for name, values in {**cells, "bad": ["0", "1"] * (num_rows // 2)}.items()})
    inputs = [
        Column(name=name, kind="numerical", special_texts=("-refused",))
        if name == "balance"
        else Column(name=name, kind="categorical")
        for name in columns
    ]
    schema = Schema(
        columns=(*inputs, Column(name="bad", kind="target")),
        bad_values=("1",),
    )
    return Dataset.from_strings(raw, schema, "train.csv")


def make_trained(dataset: Dataset) -> RiskModel:
    """A model whose log-odds depend on every column: the sum of its inputs with different weights."""
    preprocessor = Preprocessor(dataset.schema, PreprocessingConfig(rare_share=0.0)).fit(dataset.table)
    weights = np.linspace(-1.0, 1.0, preprocessor.input_shape_.num_numerical)
    network = OnnxNetwork(make_network(preprocessor.input_shape_.num_numerical, weights))
    return replace(make_model(), schema=dataset.schema, preprocessor=preprocessor, network=network)


MODEL = make_trained(make_dataset(COLUMNS))


def write_csv(path: Path, names: list[str], rows: list[list[str]], delimiter: str = ",", mark: str = "") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(mark)
        csv.writer(file, delimiter=delimiter).writerows([names, *rows])
    return path


def read_csv(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        names, *rows = csv.reader(file)
    return names, rows


def as_semicolons(path: Path) -> Path:
    """Output of a spreadsheet in a locale with decimal commas: semicolons and a byte-order mark."""
    return write_csv(path.with_name("semicolons.csv"), *read_csv(path), delimiter=";", mark="\ufeff")


def as_workbook(path: Path) -> Path:
    """Output of a spreadsheet after opening a CSV: numbers and booleans typed, texts unchanged, no formulas."""
    names, rows = read_csv(path)
    book = path.with_name("saved.xlsx")
    with xlsxwriter.Workbook(book, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet()
        for number, row in enumerate([names, *rows]):
            for column, cell in enumerate(row):
                if cell.upper() in ("TRUE", "FALSE"):
                    sheet.write_boolean(number, column, cell.upper() == "TRUE")
                elif number and cell.replace(".", "", 1).isdigit():
                    sheet.write_number(number, column, float(cell))
                else:
                    sheet.write_string(number, column, cell)
    return book


def as_is(path: Path) -> Path:
    return path


def probabilities(path: Path, column: str) -> list[float | None]:
    return pyarrow.parquet.read_table(path)[column].to_pylist()


@pytest.mark.parametrize("suffix", ["csv", "excel", "parquet"])
@pytest.mark.parametrize("save", [as_is, as_semicolons, as_workbook])
def test_a_scored_file_is_scored_again_alike(tmp_path: Path, suffix: str, save: Callable[[Path], Path]) -> None:
    random = np.random.default_rng(1)
    rows = [[str(random.choice(values)) for values in COLUMNS.values()] for _ in range(80)]
    source = write_csv(tmp_path / "new.csv", list(COLUMNS), rows)
    if suffix == "parquet" and save is not as_is:
        pytest.skip("spreadsheets do not open Parquet")
    first = None
    for scored in SCORED:
        exact, text = tmp_path / f"{scored}.parquet", tmp_path / f"{scored}.csv"
        report = score_file(
            MODEL, source, output_parquet=exact, output_csv=text, byte_order_mark=suffix == "excel", force=True
        )
        assert (report.num_scored, report.unseen) == (80, {})
        first = first or probabilities(exact, "probability")
        assert probabilities(exact, scored) == first
        source = exact if suffix == "parquet" else save(text)


def test_protected_cells_do_not_change_when_a_file_is_scored_again(tmp_path: Path) -> None:
    rows = [["1", "True", bucket, balance] for bucket in BUCKETS for balance in BALANCES]
    source = write_csv(tmp_path / "new.csv", list(COLUMNS), rows)
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    score_file(MODEL, source, output_csv=first)
    score_file(MODEL, first, output_csv=second)
    (names, cells), (names_again, cells_again) = read_csv(first), read_csv(second)
    assert names[:4] == names_again[:4] == ["grade", "owner", "'+12m", "balance"]
    assert [row[:4] for row in cells] == [row[:4] for row in cells_again]
    assert {row[2] for row in cells} == {"'+30 days", "-", "'@risk", "'=late", "none;'=x", "Zürich"}


def test_a_protected_number_is_read_as_the_number(tmp_path: Path) -> None:
    rows = [["1", "True", "-", "-4,102.38"], ["1", "True", "-", "'-4,102.38"]]
    out = tmp_path / "out.parquet"
    report = score_file(MODEL, write_csv(tmp_path / "new.csv", list(COLUMNS), rows), output_parquet=out)
    one, other = probabilities(out, "probability")
    assert report.num_scored == 2 and one == other


SPELLINGS = {
    "grade": {"1": ["1", "1.0", "01", " 1", "+1", "1e0"], "2": ["2", "2.00", "002"], "10": ["10", "10.0", "1e1"]},
    "owner": {"True": ["True", "true", "TRUE", "1", "1.0", "Wahr"], "False": ["False", "false", "0", "FAUX", " FALSE"]},
    "+12m": {
        "+30 days": ["+30 days", "'+30 days", " +30 days ", "+30\u00a0days", "'+30\u202fdays", "+30 days\u200b"],
        "Zürich": ["Zürich", "Zu\u0308rich", "Zürich\u00a0", "\u3000Zürich\ufeff"],
    },
    "balance": {"1,000.50": ["1,000.50", " 1,000.50"], "-4,102.38": ["-4,102.38", "'-4,102.38"]},
}
ROWS = st.lists(
    st.tuples(
        *(st.sampled_from([(v, s) for v, all_s in group.items() for s in all_s]) for group in SPELLINGS.values())
    ),
    min_size=10,
    max_size=40,
)
WRITERS: dict[str, Callable[[Path, list[str], list[list[str]]], Path]] = {
    "csv": lambda path, names, rows: write_csv(path / "new.csv", names, rows),
    "excel": lambda path, names, rows: write_csv(path / "new.csv", names, rows, ";", "\ufeff"),
    "xlsx": lambda path, names, rows: as_workbook(write_csv(path / "new.csv", names, rows)),
    "parquet": lambda path, names, rows: write_typed(path / "new.parquet", names, rows),
    "feather": lambda path, names, rows: write_typed(path / "new.feather", names, rows),
}


def write_typed(path: Path, names: list[str], rows: list[list[str]]) -> Path:
    table = pa.table({name: strings(row[place] for row in rows) for place, name in enumerate(names)})
    if path.suffix == ".parquet":
        pyarrow.parquet.write_table(table, path)
    else:
        pyarrow.feather.write_feather(table, path)
    return path


@pytest.mark.parametrize("kind", WRITERS)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_every_spelling_in_every_format_has_the_score_of_its_value(
    tmp_path: Path, kind: str, rows: list[tuple[tuple[str, str], ...]]
) -> None:
    names, out = list(SPELLINGS), tmp_path / "out.parquet"
    plain = write_csv(tmp_path / "plain.csv", names, [[value for value, _ in row] for row in rows])
    score_file(MODEL, plain, output_parquet=out)
    expected = probabilities(out, "probability")
    spelled = WRITERS[kind](tmp_path, names, [[spelling for _, spelling in row] for row in rows])
    report = score_file(MODEL, spelled, output_parquet=out)
    assert report.unseen == {}
    assert probabilities(out, "probability") == expected


@pytest.mark.parametrize(
    ("owner", "grade"),
    [
        (pa.array([True, False, True]), pa.array([1, 2, 10])),
        (pa.array([True, False, True]), pa.array([1.0, 2.0, 10.0])),
        (pa.array([1, 0, 1], pa.int8()), pa.array([1, 2, 10]).cast(pa.float32())),
        (pa.array([1.0, 0.0, 1.0]), pa.array(["1", "2", "10"]).dictionary_encode()),
    ],
)
def test_types_of_a_file_do_not_matter(tmp_path: Path, owner: pa.Array, grade: pa.Array) -> None:
    rows = [[g, o, "-", "1,000.50"] for g, o in zip(GRADES, ["True", "False", "True"], strict=True)]
    out = tmp_path / "out.parquet"
    score_file(MODEL, write_csv(tmp_path / "plain.csv", list(COLUMNS), rows), output_parquet=out)
    expected = probabilities(out, "probability")
    typed = pa.table({"grade": grade, "owner": owner, "+12m": ["-"] * 3, "balance": ["1,000.50"] * 3})
    pyarrow.parquet.write_table(typed, tmp_path / "typed.parquet")
    score_file(MODEL, tmp_path / "typed.parquet", output_parquet=out)
    assert probabilities(out, "probability") == expected
    frame = typed.to_pandas()
    assert MODEL.predict_probability(frame).tolist() == expected
    assert MODEL.predict_probability(typed).tolist() == expected


def test_a_model_of_an_earlier_version_scores_alike_and_knows_other_spellings(tmp_path: Path) -> None:
    """Its categories are texts as in the file, and its schema does not say how they are compared."""
    columns = tuple(
        Column(name=name, kind=kind)  # type: ignore[arg-type]
        for name, kind in [("grade", "categorical"), ("owner", "categorical"), ("bad", "target")]
    )
    schema = Schema(columns=columns, bad_values=("1",))
    raw = {"grade": ["1", "2", " 2", "3.0"], "owner": ["True", "False", "True", "False"], "bad": ["0", "1", "0", "1"]}
    table = pa.table({name: strings(cells) for name, cells in raw.items()})
    preprocessor = Preprocessor(schema, PreprocessingConfig(rare_share=0.0)).fit(table)
    levels = preprocessor.transform(table).numerical.tolist()
    assert levels[1] != levels[2], "two spellings of one value were two categories"
    spelled = pa.table({"grade": ["1.0", "2", " 2", "3"], "owner": ["TRUE", "false", "1", "0.0"], "bad": raw["bad"]})
    assert preprocessor.transform(spelled).numerical.tolist() == levels
    assert preprocessor.unseen_levels(spelled) == {}
    ambiguous = pa.table({"grade": ["2.0"], "owner": ["?"], "bad": ["0"]})
    assert set(preprocessor.unseen_levels(ambiguous)) == {"grade", "owner"}


CASES = {
    "03-codes-int-float": ("score_int.csv", ["score_float.csv", "score_int.parquet"]),
    "04-booleans": ("score_pandas.csv", ["score_lower.csv", "score_excel_upper.csv", "score.parquet"]),
    "25-signs": ("score.csv", []),
}


@pytest.mark.parametrize("case", CASES)
def test_files_of_one_portfolio_have_equal_scores(tmp_path: Path, case: str) -> None:
    model = make_trained(
        Dataset.from_file(shared_case(f"{case}/train.csv"), target="defaulted", identifiers=["customer_no"])
    )
    first, others = CASES[case]
    text, exact = tmp_path / "scored.csv", tmp_path / "scored.parquet"
    score_file(model, shared_case(f"{case}/{first}"), output_csv=text, output_parquet=exact)
    expected = probabilities(exact, "probability")
    assert len(set(expected)) > 100
    for other in [*(shared_case(f"{case}/{name}") for name in others), text, as_semicolons(text), as_workbook(text)]:
        report = score_file(model, other, output_parquet=tmp_path / "again.parquet")
        assert (report.unseen, report.num_scored) == ({}, len(expected)), other
        assert probabilities(tmp_path / "again.parquet", report.output_columns[0]) == expected, other


def test_a_float_column_with_a_missing_code_changes_the_score_of_its_row_alone(tmp_path: Path) -> None:
    case = "03-codes-int-float"
    model = make_trained(
        Dataset.from_file(shared_case(f"{case}/train.csv"), target="defaulted", identifiers=["customer_no"])
    )
    scores = []
    for name in ("score_int.csv", "score_float_one_missing.csv", "score_float_one_missing.parquet"):
        score_file(model, shared_case(f"{case}/{name}"), output_parquet=tmp_path / "out.parquet")
        scores.append(probabilities(tmp_path / "out.parquet", "probability"))
    assert scores[1] == scores[2]
    assert sum(one != other for one, other in zip(scores[0], scores[1], strict=True)) == 1
