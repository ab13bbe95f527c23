"""Formula safety: no cell of a written CSV is a formula for a spreadsheet, and every text can be restored."""

import csv
import io
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.scoring.csv_text import write_header, write_rows
from riskmodel.tables.arrow import strings
from riskmodel.tables.formulas import may_need_protection, protect, protect_text, restore

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"
PIECES = ["=", "+", "-", "@", "＝", "－", ";", ",", '"', "'", "\t", "\r", "\n", " ", "\xa0", "\u200b", "\ufeff", "\x0b",
          "\x0c", "\xad", "\u2028", "1", ".5", "a", "SUM(A1)", "ä", "漢"]  # fmt: skip
TEXTS = st.one_of(st.text(max_size=12), st.lists(st.sampled_from(PIECES), max_size=10).map("".join))

CASES = {
    "=1+1": "'=1+1",
    "＝1+1": "'＝1+1",
    "＋1+1": "'＋1+1",
    "－1+1": "'－1+1",
    "＠SUM(A1)": "'＠SUM(A1)",
    "\n=1+1": "\n'=1+1",
    " =1+1": "' =1+1",
    "\xa0=1+1": "'\xa0=1+1",
    "\u200b=1+1": "'\u200b=1+1",
    "\ufeff=1+1": "'\ufeff=1+1",
    "\x0b=1+1": "'\x0b=1+1",
    "\x0c=1+1": "'\x0c=1+1",
    "x;=1+1": "x;'=1+1",
    'x;"=1+1;y': "x;'\"=1+1;y",
    "x\n=1+1": "x\n'=1+1",
    "'=1+1": "''=1+1",
    "\tx": "'\tx",
}
PLAIN = [
    "",
    "-",
    "+",
    "-5",
    "+4.5",
    "-1e-3",
    "-12,5",
    "-5%",
    ".5",
    "a=b",
    "a-b",
    "a; b",
    "'tis",
    "O'Neil",
    "2024-01-01",
]


@pytest.mark.parametrize("text", CASES)
def test_formulas_are_protected(text: str) -> None:
    assert protect_text(text) == CASES[text]


@pytest.mark.parametrize("text", PLAIN)
def test_numbers_and_plain_text_are_unchanged(text: str) -> None:
    assert protect_text(text) == text


@given(st.lists(st.one_of(st.none(), TEXTS), max_size=5))
def test_restore_is_the_exact_inverse(texts: list[str | None]) -> None:
    assert restore(protect(strings(texts))).to_pylist() == texts


@given(TEXTS)
def test_text_without_the_marks_needs_no_protection(text: str) -> None:
    assert may_need_protection(text.encode()) or protect_text(text) == text


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet may run the cell: it begins with a sign after all that spreadsheets remove, and goes on."""
    skipped = {c for c in cell if c == '"' or c.isspace() or unicodedata.category(c) in {"Cc", "Cf", "Zs", "Zl", "Zp"}}
    rest = cell.lstrip("".join(skipped))
    try:
        return float(cell.replace(",", ".").removesuffix("%")) is None
    except ValueError:
        return len(rest) > 1 and rest[0] in SIGNS


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@given(names=st.lists(TEXTS, min_size=1, max_size=3), cells=st.lists(TEXTS, min_size=1, max_size=3))
def test_no_cell_is_a_formula_in_any_locale(delimiter: str, names: list[str], cells: list[str]) -> None:
    batch = pa.RecordBatch.from_arrays(
        [strings([cell]) for cell in cells], names=[f"c{number}" for number in range(len(cells))]
    )
    content = write_header(names).decode() + bytes(write_rows(batch)).decode()
    for row in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter):
        # Cells of another locale end with what follows them in the file, which makes no formula of a sign alone.
        assert not [cell for cell in row if is_formula(cell) and not is_sign_alone(cell)]


def is_sign_alone(cell: str) -> bool:
    return cell.lstrip()[:1] in SIGNS and cell.lstrip()[1:2] in {",", '"', ""}
