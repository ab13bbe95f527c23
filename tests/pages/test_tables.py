"""Tables as CSV: protected against formula injection, else unchanged."""

import csv
import io
import tomllib
from pathlib import Path

import pandas as pd
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from pages.components.shared.tables import as_csv, with_minus_signs
from riskmodel.tables.values.formulas import protect, restore

ROOT = Path(__file__).resolve().parents[2]
STARTS = st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "＝", " =", "'="])


def read(text: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.decode(), newline="")))


def test_each_type_of_cell_is_written_correctly() -> None:
    frame = pd.DataFrame(
        {
            "=name": ["=1+1", "a, b", None],
            "score": [1.5, -2.0, None],
            "count": pd.array([1, None, -3], dtype="Int64"),
            "tags": [["a", "@b"], [], ["=c"]],
            "level": pd.Categorical(["+x", "y", None]),
            "flag": [True, False, True],
        }
    )
    assert read(as_csv(frame)) == [
        ["'=name", "score", "count", "tags", "level", "flag"],
        ["'=1+1", "1.5", "1", "a, @b", "'+x", "True"],
        ["a, b", "-2", "", "", "y", "False"],
        ["", "", "-3", "'=c", "", "True"],
    ]


def test_an_empty_table_and_columns_of_one_name() -> None:
    assert as_csv(pd.DataFrame({"a": [], "b": []})) == b"a,b\n"
    frame = pd.DataFrame([[1, "=2"]], columns=["same", "same"])
    assert read(as_csv(frame)) == [["same", "same"], ["1", "'=2"]]


@given(
    st.lists(st.tuples(STARTS, st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)), min_size=1)
)
def test_texts_are_protected_against_formulas_and_else_unchanged(cells: list[tuple[str, str]]) -> None:
    texts = [start + rest for start, rest in cells]
    written = [row[0] if row else "" for row in read(as_csv(pd.DataFrame({"text": texts, "n": 1})))[1:]]
    assert written == protect(restore(pa.array(texts, pa.string()))).to_pylist()


def test_the_unsafe_export_of_streamlit_is_disabled() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["client"]["disableDataExport"] is True


def test_numbers_are_displayed_with_the_minus_sign_and_keep_their_values() -> None:
    frame = pd.DataFrame({"change": [-0.0136, 0.5, None], "name": ["a-b", "c", "d"]})
    styled = with_minus_signs(frame, {"change": "{:+.4f}"})
    html = styled.to_html()
    assert "−0.0136" in html and "+0.5000" in html and "a-b" in html and "nan" not in html
    assert frame["change"].iloc[0] == -0.0136
