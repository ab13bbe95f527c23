"""Declarations of statistics files: missing values, and codes with labels."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from riskmodel.errors import DataWarning
from riskmodel.tables.coercion.coercion import type_table
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.proposal.proposal import propose, propose_schema
from riskmodel.tables.reading.open_table import read_table
from tests.real_data import real_data

pytestmark = pytest.mark.usefixtures("in_process")


def write_sav(path: Path, cells: dict[str, list[Any]], **declared: Any) -> Path:
    pyreadstat.write_sav(pd.DataFrame(cells), path, **declared)
    return path


def test_tagged_missing_values_of_the_case_are_missing_in_a_numerical_column() -> None:
    folder = real_data("../cases/10-declared-missing/customers.dta").parent
    raw, blank = read_table(folder / "customers.dta"), read_table(folder / "same_blank.csv")
    schema = propose_schema(raw, "defaulted")
    column = schema.column("income")
    assert (column.kind, column.extra_markers) == ("numerical", (".a", ".b"))
    assert column.reason == (
        "numbers from 5,911 to 139,704; the file declares missing '.a' (285 cells, first in row 2) and '.b' (105 "
        "cells, first in row 25): proposed as missing, please check"
    )
    income = type_table(raw, schema)["income"]
    assert income.equals(type_table(blank, propose_schema(blank, "defaulted"))["income"])


def test_declared_missing_values_of_spss_are_proposed_as_missing_with_their_labels(tmp_path: Path) -> None:
    numbers = [1.5 * row if row % 7 else -95.0 - row % 3 for row in range(210)]
    cells = {
        "income": numbers,
        "debt": [-99.0 if row % 2 else row / 4 for row in range(210)],
        "rent": ["A", "B", "X"] * 70,
    }
    path = write_sav(
        tmp_path / "a.sav",
        cells,
        missing_ranges={"income": [{"lo": -100, "hi": -90}], "debt": [-99], "rent": ["X"]},
        variable_value_labels={"debt": {-99: "refused"}},
    )
    raw = read_table(path)
    proposal = propose(raw)
    schema = proposal.schema
    assert [column.kind for column in schema.columns] == ["numerical", "numerical", "categorical"]
    assert [set(column.extra_markers) for column in schema.columns] == [{"-95", "-96", "-97"}, {"-99"}, {"X"}]
    assert schema.column("debt").reason == (
        "numbers from 0 to 52; the file declares missing '-99' (105 cells, first in row 2) (-99 = 'refused'): "
        "proposed as missing, please check"
    )
    typed = type_table(raw, schema)
    assert typed["income"].to_pylist() == [number if number >= 0 else None for number in numbers]
    assert typed["rent"].null_count == 70
    assert type_table(raw, schema, proposal.typed_for(schema)).equals(typed)


def test_declared_missing_values_of_the_target_are_no_outcomes(tmp_path: Path) -> None:
    outcomes = [9.0 if row % 10 == 3 else float(row % 4 == 0) for row in range(200)]
    cells = {"income": [1.5 * row for row in range(200)], "defaulted": outcomes}
    path = write_sav(tmp_path / "a.sav", cells, missing_ranges={"defaulted": [9]})
    for target in ("defaulted", None):
        column = propose_schema(read_table(path), target).column("defaulted")
        assert (column.kind, column.extra_markers) == ("target", ("9",))
        assert column.reason.endswith(
            "; the file declares missing '9' (20 cells, first in row 4): proposed as missing, please check"
        )
    with pytest.warns(DataWarning, match="the file declares missing '9'"):
        dataset = Dataset.from_file(path, target="defaulted")
    bad = [-1 if outcome == 9 else int(outcome) for outcome in outcomes]
    assert dataset.bad().tolist() == bad


def test_codes_that_all_have_labels_are_categories(tmp_path: Path) -> None:
    codes = [float(1 + row * row % 40) for row in range(300)]
    labels = {"region": {code: f"region {code}" for code in range(1, 41)}, "late": {0: "never"}}
    path = write_sav(tmp_path / "a.sav", {"region": codes, "late": codes}, variable_value_labels=labels)
    schema = propose_schema(read_table(path))
    assert (schema.kind_of("region"), schema.kind_of("late")) == ("categorical", "numerical")
    assert schema.column("region").reason.endswith(
        "codes with labels in the file (1 = 'region 1', 2 = 'region 2', 5 = 'region 5', …)"
    )


@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    codes=st.lists(st.integers(-99, -1), min_size=1, max_size=3, unique=True),
    share=st.floats(0.01, 0.9),
    seed=st.integers(0, 1000),
)
def test_any_share_of_declared_missing_values_leaves_the_column_numerical(
    tmp_path: Path, codes: list[int], share: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    numbers = rng.integers(1, 10**6, 300) / 8
    missing = rng.random(300) < share
    missing[:2] = True, False
    values = np.where(missing, rng.choice(codes, 300), numbers)
    path = write_sav(tmp_path / "a.sav", {"income": values.tolist()}, missing_ranges={"income": [*map(float, codes)]})
    raw = read_table(path)
    schema = propose_schema(raw)
    assert schema.kind_of("income") == "numerical"
    result = type_table(raw, schema)["income"].to_pylist()
    assert result == [None if absent else number for absent, number in zip(missing, numbers.tolist(), strict=True)]


def test_what_a_file_declares_comes_through_the_reader_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_sav(tmp_path / "a.sav", {"debt": [-99.0, 5.5] * 50}, missing_ranges={"debt": [-99]})
    here = read_table(path)
    monkeypatch.undo()
    assert read_table(path).schema.equals(here.schema, check_metadata=True)
    assert here.schema.field("debt").metadata


def test_letters_of_stata_are_missing_at_any_share(tmp_path: Path) -> None:
    path = tmp_path / "a.dta"
    cells = pd.DataFrame({"income": [float(row) + 0.25 if row % 3 else "a" for row in range(90)]})
    pyreadstat.write_dta(cells, path, missing_user_values={"income": ["a"]})
    schema = propose_schema(read_table(path))
    assert (schema.kind_of("income"), schema.column("income").extra_markers) == ("numerical", (".a",))


@pytest.mark.parametrize("name", ["a.dta", "a.sav"])
def test_a_declared_column_without_missing_values_is_proposed_as_any_other(tmp_path: Path, name: str) -> None:
    frame = pd.DataFrame({"income": [row * 1.25 for row in range(100)], "no": [f"n{row}" for row in range(100)]})
    (pyreadstat.write_dta if name.endswith("dta") else pyreadstat.write_sav)(frame, tmp_path / name)
    schema = propose_schema(read_table(tmp_path / name))
    assert [column.missing_markers for column in schema.columns] == [None, None]
    assert [column.kind for column in schema.columns] == ["numerical", "identifier"]
