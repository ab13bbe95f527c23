"""Formula safety: no cell of a written CSV is a formula for a spreadsheet, and every text can be restored."""

import csv
import io
import re
import unicodedata

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.scoring.streaming.csv_text import write_header, write_rows
from riskmodel.tables.arrow import strings
from riskmodel.tables.values.formulas import may_need_protection, protect, protect_text, restore

SIGNS = {chr(code) for code in range(0x110000) if unicodedata.normalize("NFKC", chr(code))[0] in "=+-@−"}
SKIPPED = {"Cc", "Cf", "Zl", "Zp", "Zs"}
PIECES = ["=", "+", "-", "@", "＝", "－", "⁼", "−", ";", ",", '"', "'", "\t", "\r", "\n", " ", "\xa0", "\u200b",
          "\ufeff", "\x0b", "\x0c", "\xad", "\u2028", "\u034f", "\u115f", "1", ".5", "a", "SUM(A1)", "漢"]  # fmt: skip
TEXTS = st.one_of(st.text(max_size=12), st.lists(st.sampled_from(PIECES), max_size=10).map("".join))

CASES = {
    "=1+1": "'=1+1",
    "＝1+1": "'＝1+1",
    "＋1+1": "'＋1+1",
    "－1+1": "'－1+1",
    "＠SUM(A1)": "'＠SUM(A1)",
    "\n=1+1": "'\n'=1+1",
    "\nx": "'\nx",
    "\u034f=1+1": "'\u034f=1+1",
    "\ufff0=1+1": "'\ufff0=1+1",
    "\U000e01f0=1+1": "'\U000e01f0=1+1",
    "\u115f\u3164=1+1": "'\u115f\u3164=1+1",
    "−1+1": "'−1+1",
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
    "−5",
    "−1,5e−3",
    "x|=1+1",
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


@pytest.mark.parametrize("sign", sorted(SIGNS))
def test_signs_that_normalization_makes_are_protected(sign: str) -> None:
    """Apple Numbers normalizes text before it checks for a formula."""
    assert protect_text(f"{sign}1+1") == f"'{sign}1+1"


@given(st.lists(st.one_of(st.none(), TEXTS), max_size=5))
def test_restore_is_the_exact_inverse(texts: list[str | None]) -> None:
    assert restore(protect(strings(texts))).to_pylist() == texts


@given(TEXTS)
def test_text_without_the_marks_needs_no_protection(text: str) -> None:
    assert may_need_protection(text.encode()) or protect_text(text) == text


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet may run the cell: after what spreadsheets remove, it begins with a sign and continues."""
    skipped = {c for c in cell if c in '"\u034f\u115f' or c.isspace() or unicodedata.category(c) in SKIPPED}
    rest = cell.lstrip("".join(skipped))
    is_number = re.fullmatch(r"[+−-]?[0-9.,eE%+−-]+", cell) is not None
    # In another locale, a sign alone continues with the comma of this one.
    return not is_number and rest[:1] in SIGNS and rest[1:2] not in {"", ",", '"'}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@given(names=st.lists(TEXTS, min_size=1, max_size=3), cells=st.lists(TEXTS, min_size=1, max_size=3))
def test_no_cell_is_a_formula_in_any_locale(delimiter: str, names: list[str], cells: list[str]) -> None:
    columns = [f"column {number}" for number in range(len(cells))]
    batch = pa.RecordBatch.from_arrays([strings([cell]) for cell in cells], names=columns)
    content = write_header(names).decode() + bytes(write_rows(batch)).decode()
    rows = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    assert not [cell for row in rows for cell in row if is_formula(cell)]
