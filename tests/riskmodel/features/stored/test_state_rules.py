"""A saved preprocessor is refused, with the part named, if a field has content that fitting never writes."""

import io
import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.config.sections.preprocessing import PreprocessingConfig
from riskmodel.errors import BundleError, DataError
from riskmodel.features.preprocessor import Preprocessor
from riskmodel.features.stored.files import ARRAYS_NAME, JSON_NAME
from riskmodel.tables.schema.schema import Column, Schema

NUM_ROWS = 200
SCHEMA = Schema(
    columns=(
        Column(name="income", kind="numerical"),
        Column(name="debt", kind="numerical", special_texts=("refused",)),
        Column(name="late", kind="numerical"),
        Column(name="opened", kind="date"),
        Column(name="city", kind="categorical"),
        Column(name="branch", kind="categorical"),
        Column(name="bad", kind="target"),
    ),
    bad_values=("1",),
)
CONFIG = PreprocessingConfig.model_validate(
    {
        "pairs": 2,
        "special_codes": [-9.0],
        "overrides": {
            "branch": {"encoding": "risk"},
            "income": {"scaling": "quantile", "outliers": "winsorise"},
            "debt": {"scaling": "none"},
        },
    }
)


def make_table() -> pa.Table:
    random = np.random.default_rng(0)
    income = random.lognormal(size=NUM_ROWS)
    debt = income * random.lognormal(size=NUM_ROWS)
    debt[:40] = SCHEMA.column("debt").special_codes["refused"]
    income[5:25], income[30:50] = np.nan, -9.0
    return pa.table(
        {
            "income": pa.array(income, from_pandas=True),
            "debt": debt,
            "late": random.integers(0, 5, NUM_ROWS).astype(float),
            "opened": pa.array(random.integers(18_000, 19_000, NUM_ROWS).astype(np.int32)).cast(pa.date32()),
            "city": random.choice(["Oslo", "Paris", "Rome"], NUM_ROWS),
            "branch": random.choice([f"B{number:02}" for number in range(30)], NUM_ROWS),
        }
    )


TABLE = make_table()


def fit() -> Preprocessor:
    ratio = TABLE["debt"].to_numpy() / np.nan_to_num(TABLE["income"].to_numpy(zero_copy_only=False), nan=1.0)
    two_late = TABLE["late"].to_numpy() == 2  # a value with a risk of its own
    bad = ((ratio > np.median(ratio)) | two_late).astype(np.int8)
    return Preprocessor(SCHEMA, CONFIG, ("standard", "quantile")).fit(TABLE, bad=bad)


FITTED = fit()
FILES = FITTED.to_files()
STATE = json.loads(FILES[JSON_NAME])
with np.load(io.BytesIO(FILES[ARRAYS_NAME])) as _stored:
    ARRAYS = {name: _stored[name] for name in _stored}


def packed(arrays: dict[str, Any]) -> bytes:
    target = io.BytesIO()
    np.savez_compressed(target, **arrays)
    return target.getvalue()


def read(state: Any, arrays: dict[str, Any] | None = None) -> Preprocessor:
    files = {JSON_NAME: json.dumps(state).encode(), ARRAYS_NAME: packed(ARRAYS if arrays is None else arrays)}
    return Preprocessor.from_files(files)


def column(state: Any, name: str, kind: str | None = None) -> dict[str, Any]:
    return next(c for c in state["columns"] if c["name"] == name and kind in (None, c["kind"]))


def change(name: str, part: str, value: Callable[[Any], Any], kind: str | None = None) -> Callable[[Any], None]:
    def act(state: Any) -> None:
        found = column(state, name, kind)
        found[part] = value(found[part])

    return act


def twice(state: Any) -> None:
    state["columns"].append(column(state, "late"))


def other_schema(state: Any) -> None:
    state["table_schema"]["columns"][4]["kind"] = "numerical"


def trend_alone(state: Any) -> None:
    column(state, "late").update(groups=[], scaling=None, trend={"largest": 2.0, "width": 2.0, "slope": 0.5})


def bare(state: Any) -> None:
    state["columns"] = [column(state, "branch", "risk")]


WRONG: dict[str, tuple[Callable[[Any], None], str]] = {
    "a category twice": (change("city", "levels", lambda v: [*v, "Rome"]), "column 'city' has category 'Rome' twice"),
    "unsorted categories": (change("city", "levels", lambda v: v[::-1]), "column 'city' has category 'Paris' out of"),
    "no categories": (change("city", "levels", lambda v: []), "column 'city' has no category"),
    "a risk too few": (
        change("branch", "evidence", lambda v: v[1:], "categorical"),
        "column 'branch' has 30 risks for 30 categories and missing",
    ),
    "no counts": (
        change("branch", "log_counts", lambda v: [], "categorical"),
        "column 'branch' has 31 risks and 0 counts",
    ),
    "a negative count": (
        change("branch", "log_counts", lambda v: [-1.0, *v[1:]], "categorical"),
        "column 'branch' has a count below 0",
    ),
    "limits the wrong way": (change("income", "limits", lambda v: v[::-1]), "column 'income' has limits .* the lower"),
    "a marked number": (change("income", "marked_codes", lambda v: [7.0]), "column 'income' marks 7, which is no"),
    "a text without a code": (change("debt", "special_texts", lambda v: {"x": 3.0}), "has the special text 'x'"),
    "falling groups": (change("late", "groups", lambda v: v[::-1]), "column 'late' has groups that do not increase"),
    "a group twice": (change("late", "groups", lambda v: [*v, v[-1]]), "column 'late' has groups that do not increase"),
    "falling steps": (change("late", "steps", lambda v: [2, 1]), "column 'late' has steps that do not increase"),
    "a scale of 0": (change("late", "scaling", lambda v: v | {"scale": 0}), "scale: Input should be greater than 0"),
    "a scale where none is": (change("debt", "scaling", lambda v: v | {"scale": 2.0}), "column 'debt' is not scaled"),
    "no scaling": (change("late", "scaling", lambda v: None), "column 'late' has groups and no scaling"),
    "a trend without a scaling": (
        trend_alone,
        "column 'late' has a trend and no scaling",
    ),
    "a trend over no range": (
        change("income", "trend", lambda v: {"largest": 2.0, "width": 0.0, "slope": 0.5}),
        "trend.width: Input should be greater than or equal to 1",
    ),
    "a column twice": (twice, r"column 'late' \(numerical\) was fitted 2 times"),
    "another kind": (other_schema, "column 'city' must be categorical in the schema; it is numerical"),
    "an unknown column": (change("city", "name", lambda v: "town"), "column 'town' must be categorical in the schema"),
    "risks of nothing": (bare, "column 'branch' has no risk of its categories"),
    "no date": (lambda state: state.update(as_of=None), "column 'opened' is a date, and the as-of date is missing"),
    "no columns": (lambda state: state.update(columns=[]), "no column was fitted"),
    "no rows": (lambda state: state.update(num_training_rows=0), "num_training_rows must be at least 1; received 0"),
    "a kind without a pair": (change("late", "kind", lambda v: "pair"), "column 'late' is of kind 'pair' and has no"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_content_is_named(name: str) -> None:
    act, words = WRONG[name]
    state = json.loads(FILES[JSON_NAME])
    act(state)
    with pytest.raises(BundleError, match=f"{words}.*Restore the model's folder") as caught:
        read(state, {} if not state["columns"] or len(state["columns"]) == 1 else None)
    assert "Traceback" not in str(caught.value)


FIRST = next(iter(ARRAYS))
WRONG_ARRAYS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "falling": (lambda a: a[::-1], "column 'income' has quantiles that decrease"),
    "equal": (np.zeros_like, "column 'income' has quantiles that are all equal"),
    "NaN": (lambda a: np.append(a[:-1], np.nan), "quantiles.*finite number"),
    "infinite": (lambda a: np.append(a[:-1], np.inf), "quantiles.*finite number"),
    "one": (lambda a: a[:1], "quantiles.* at least 2 items"),
    "two-dimensional": (lambda a: a[None], "declares .* numbers of type float64"),
    "single precision": (lambda a: a.astype(np.float32), "numbers of type float32"),
    "whole": (lambda a: np.arange(len(a)), "numbers of type int64"),
    "text": (lambda a: a.astype(str), "numbers of type <U"),
}


@pytest.mark.parametrize("name", WRONG_ARRAYS)
def test_wrong_arrays_are_named(name: str) -> None:
    act, words = WRONG_ARRAYS[name]
    with pytest.raises(BundleError, match=words):
        read(STATE, ARRAYS | {FIRST: act(ARRAYS[FIRST])})


def test_arrays_belong_to_columns() -> None:
    with pytest.raises(BundleError, match="the quantiles of column 'income' are missing"):
        read(STATE, {name: values for name, values in ARRAYS.items() if name != FIRST})
    with pytest.raises(BundleError, match=r"'more\.npy' belongs to no column"):
        read(STATE, ARRAYS | {"more": np.zeros(3)})


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths of all fields, lists and numbers."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(leaf for key, each in items for leaf in leaves(each, (*path, key)))] if path else [
        leaf for key, each in items for leaf in leaves(each, (key,))
    ]  # fmt: skip


PATHS = leaves(STATE)
VALUES = [None, True, -1, 0, 1, 1e308, math.nan, math.inf, "", "x", "2020-02-30", [], [1.0], {}, ["a", "a"], [2.0, 1.0]]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PATHS), st.sampled_from(["delete", "reverse", "repeat", *VALUES]))
def test_a_changed_field_is_refused_or_gives_finite_inputs(path: tuple[Any, ...], action: Any) -> None:
    state = json.loads(FILES[JSON_NAME])
    parent = state
    for key in path[:-1]:
        parent = parent[key]
    old = parent[path[-1]]
    if action == "delete":
        del parent[path[-1]]
    elif action == "reverse" and isinstance(old, list):
        parent[path[-1]] = old[::-1]
    elif action == "repeat" and isinstance(old, list):
        parent[path[-1]] = [*old, *old]
    else:
        parent[path[-1]] = action
    try:
        found = read(state)
    except BundleError as error:
        assert "Restore the model's folder" in str(error)
        return
    try:
        inputs = found.transform(TABLE)
    except DataError as error:
        # Another schema or date format is another model: the table is not what it was trained on.
        assert path[0] == "table_schema" or "name" in path, error
        return
    assert np.isfinite(inputs.numerical).all()
    assert inputs.numerical.shape[1] == found.input_shape_.num_numerical
    for place, cardinality in enumerate(found.input_shape_.cardinalities):
        assert inputs.categorical[:, place].min() >= 0 and inputs.categorical[:, place].max() < cardinality


def test_what_was_written_is_read_back_equal() -> None:
    assert (
        Preprocessor.from_files(FILES).transform(TABLE).numerical.tobytes()
        == FITTED.transform(TABLE).numerical.tobytes()
    )
    kinds = {found["kind"] for found in STATE["columns"]}
    assert kinds == {"numerical", "date", "risk", "customers", "pair", "categorical"}
    assert any(found.get("view") for found in STATE["columns"]) and len(ARRAYS) > 1
