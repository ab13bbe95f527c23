"""Spellings of one value are one category; codes of which every character counts are not merged."""

import unicodedata

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from riskmodel.tables.arrow import strings
from riskmodel.tables.coercion.category_values import describe_merged, find_values, to_canonical
from riskmodel.tables.coercion.coercion import coerce_column, coerce_table
from riskmodel.tables.proposal.proposal import propose_schema, resolve_formats
from riskmodel.tables.schema.schema import CategoryValues, Column, Schema
from riskmodel.tables.values.encoded_cells import EncodedCells
from riskmodel.tables.values.formulas import protect

NUMBERS = {
    "1": ["1", "1.0", " 1", "1\xa0", "01", "+1", "1.", "1e0", "1.000", "1E+00", "10e-1"],
    "0": ["0", "0.0", "-0", "00", ".0", "0e5", "-0.00"],
    "-12.5": ["-12.5", "-12.50", "-012.5", "-1.25e1"],
    "0.05": ["0.05", ".05", "5e-2", "00.0500"],
    "100000": ["100000", "1e5", "1e+05", "1E+005", "100000.0"],
    "12345678901234567890": ["12345678901234567890", "012345678901234567890.0"],
}
BOOLEANS = {
    "true": ["True", "true", "TRUE", "1", "1.0", " true ", "WAHR", "Vrai", "t", "VERDADERO"],
    "false": ["False", "false", "FALSE", "0", "0.0", "Falsch", "FAUX", "f"],
}
TEXTS = {
    "Zürich": ["Zürich", "Zu\u0308rich", "  Zürich", "Zürich\u2003"],
    "+30 days": ["+30 days", "'+30 days", " +30 days"],
    "=A": ["=A", "'=A"],
    "7": ["7", "7.0", "7.00"],
    "true": ["true", "TRUE", "True"],
    "'tis": ["'tis"],
    "v1.10": ["v1.10"],
    "8.1": ["8.1"],
    "007": ["007"],
    "A b": ["A b", "A\u00a0b", "A\u2009b", "\u3000A b\u00a0", "A \u200bb", "\ufeffA b", "A\u202fb\u2060"],
}
SPELLINGS: list[tuple[CategoryValues, dict[str, list[str]]]] = [
    ("number", NUMBERS),
    ("boolean", BOOLEANS),
    ("text", TEXTS),
]
CASES = [
    (values, spelling, canonical)
    for values, group in SPELLINGS
    for canonical, spellings in group.items()
    for spelling in spellings
]


@pytest.mark.parametrize(("values", "spelling", "canonical"), CASES)
def test_every_spelling_has_its_value(values: CategoryValues, spelling: str, canonical: str) -> None:
    assert to_canonical(strings([spelling, None]), values).to_pylist() == [canonical, None]
    assert to_canonical(strings([canonical]), values).to_pylist() == [canonical], "the canonical text is its own"
    assert to_canonical(strings([spelling]), None).to_pylist() == [spelling], "as before without a comparison"


def test_the_numbers_0_and_1_are_also_words_for_false_and_true() -> None:
    texts = strings(["1", "0.0", "True", "FALSE", "wahr", "2"])
    assert to_canonical(texts, "binary").to_pylist() == ["1", "0", "1", "0", "1", "2"]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1", "2", "3"], "number"),
        (["1.0", "2.0", "3"], "number"),
        (["-1", "1e5", ".5"], "number"),
        (["0", "1"], "binary"),
        (["0.0", "1.0"], "binary"),
        (["True", "False"], "boolean"),
        (["TRUE", "false", "true"], "boolean"),
        (["true", "0"], "boolean"),
        (["t", "f"], "boolean"),
        (["VRAI", "FAUX"], "boolean"),
        (["t", "f", "u"], "text"),
        (["T", "A"], "text"),
        (["True", "False", "unknown"], "text"),
        (["1", "A"], "text"),
        (["01067", "10115", "99999"], "text"),
        (["01", "02"], "text"),
        (["1", "01", "2"], "text"),
        (["1.1", "1.10"], "text"),
        (["10", "20"], "number"),
        ([], "text"),
    ],
)
def test_a_column_is_compared_by_what_all_its_cells_are(cells: list[str], values: str) -> None:
    assert find_values(strings(cells)) == values


@pytest.mark.parametrize(("rare", "values"), [(1, "number"), (49, "number"), (60, "text"), (1000, "text")])
def test_two_spellings_of_a_number_are_codes_only_if_both_are_frequent(rare: int, values: str) -> None:
    # 5 % of the rows that hold a number in two spellings: 50 of 1,000.
    counts = np.array([1000 - rare if rare < 500 else 1000, rare, 5000])
    assert find_values(strings(["1", "01", "2"]), counts) == values
    assert find_values(strings(["1", "1.0", "2"]), counts) == "number", "decimals of a whole number are no other code"


@pytest.mark.parametrize("cells", [["01067", "10115"] * 10, ["1"] * 10 + ["01"] * 10 + ["2"]])
def test_codes_keep_every_character(cells: list[str]) -> None:
    raw = pa.table({"plz": strings(cells)})
    schema = resolve_formats(raw, Schema(columns=(Column(name="plz", kind="categorical"),)))
    assert (schema.column("plz").values, schema.column("plz").merged) == ("text", "")
    typed, _ = coerce_table(raw, schema, ["plz"])
    assert typed["plz"].to_pylist() == cells


def test_what_was_merged_is_reported() -> None:
    cells = ["1"] * 50 + ["1.0", " 2"] + ["2"] * 50 + ["3.0", "3.0"]
    column = propose_schema(pa.table({"grade_code": strings(cells), "x": strings(map(str, range(104)))})).column(
        "grade_code"
    )
    assert (column.kind, column.values) == ("categorical", "number")
    assert column.merged == "2 spellings count as the values they equal: '1.0' as '1', ' 2' as '2'"
    assert column.reason.endswith(column.merged)
    texts = strings(["yes", "no ", "?"])
    assert describe_merged(texts, strings(["yes", "no", None])) == "", "removed spaces merge nothing"


def test_a_marker_is_missing_in_every_spelling() -> None:
    column = Column(name="x", kind="categorical", values="number")
    cells, wrong = coerce_column(
        EncodedCells(pa.chunked_array([["99", "99.0", " 9", "NA", "09"]])), column, ("99", "NA")
    )
    assert (cells.to_pylist(), wrong) == ([None, None, "9", None, "9"], None)
    signed = Column(name="x", kind="categorical", values="text")
    assert coerce_column(EncodedCells(pa.chunked_array([["'--", "a"]])), signed, ("--",))[0].to_pylist() == [None, "a"]


@pytest.mark.parametrize("values", [None, "text", "number", "boolean", "binary"])
def test_cells_that_are_canonical_already_are_not_copied(values: CategoryValues | None) -> None:
    cells = pa.chunked_array([["1", "0", "1"] if values in ("number", "binary") else ["true", "x"]])
    assert coerce_column(EncodedCells(cells), Column(name="x", kind="categorical", values=values), ("",))[0] is cells


def test_a_marker_that_hid_numbers_lets_them_be_compared_as_numbers() -> None:
    raw = pa.table({"x": strings(["1", "2", "n.a.", "1.0"] * 5)})
    schema = Schema(columns=(Column(name="x", kind="categorical", missing_markers=("n.a.",)),))
    assert resolve_formats(raw, schema).column("x").values == "number"


PIECES = ["\u00a0", "\u200b", "=", "+", "'", ";", " ", "1", ".0", "A", "true", "é", "e\u0301", "-"]
WORDS = st.one_of(st.text(max_size=8), st.lists(st.sampled_from(PIECES), max_size=6).map("".join))


@example(["'';="], "text")
@given(st.lists(WORDS, max_size=6), st.sampled_from(["text", "number", "boolean", "binary"]))
def test_the_canonical_text_is_final_and_survives_protection_padding_and_unicode_forms(
    texts: list[str], values: CategoryValues
) -> None:
    canonical = to_canonical(strings(texts), values)
    assert to_canonical(canonical, values).to_pylist() == canonical.to_pylist()
    padded = strings(f" {unicodedata.normalize('NFD', text)}\n" for text in texts)
    assert to_canonical(padded, values).to_pylist() == canonical.to_pylist()
    trimmed = strings(text.strip() for text in texts)
    assert to_canonical(protect(trimmed), values).to_pylist() == canonical.to_pylist()


@given(st.decimals(-(10**12), 10**12, places=4, allow_nan=False))
def test_equal_decimals_have_equal_texts(number: object) -> None:
    spellings = [f"{number:f}", f"{number:+f}", f"00{number:f}" if not str(number).startswith("-") else f"{number:f}"]
    texts = set(to_canonical(strings([*spellings, f"{number:e}"]), "number").to_pylist())
    assert len(texts) == 1
