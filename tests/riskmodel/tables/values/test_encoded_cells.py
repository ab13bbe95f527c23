"""Cells processed once per distinct text: every row has the result of its text."""

import numpy as np
import pyarrow as pa
import pytest

from riskmodel.tables.values.encoded_cells import EncodedCells

TWO_CHUNKS = pa.chunked_array([["b", "a", "b"], ["c", "a", "b"]])


def test_every_row_has_the_value_of_its_text_across_chunks() -> None:
    texts = EncodedCells(TWO_CHUNKS)
    assert texts.different.to_pylist() == ["b", "a", "c"], "in the order of their first rows"
    assert texts.map_values(pa.array([2.0, None, 3.0])).to_pylist() == [2.0, None, 2.0, 3.0, None, 2.0]
    assert texts.map_marks(np.array([False, True, True])).tolist() == [False, True, False, True, True, False]
    assert texts.map_marks(np.zeros(3, np.bool_)).tolist() == [False] * 6


def test_a_null_is_a_separate_text() -> None:
    texts = EncodedCells(pa.chunked_array([["a", None, "a", None]]))
    assert texts.different.to_pylist() == ["a", None]
    assert texts.map_marks(np.array([False, True])).tolist() == [False, True, False, True]


@pytest.mark.parametrize("no_cells", [pa.chunked_array([], pa.string()), pa.chunked_array([[]], pa.string())])
def test_no_rows_have_no_texts(no_cells: pa.ChunkedArray) -> None:
    texts = EncodedCells(no_cells)
    assert len(texts.different) == 0
    assert len(texts.map_values(pa.array([], pa.float64()))) == 0
    assert len(texts.map_marks(np.zeros(0, np.bool_))) == 0


@pytest.mark.parametrize(("once", "repeat"), [(["b", "c", "a", "b"], False), (["b", "c", "a", "b", "b", "b"], True)])
def test_texts_of_marked_rows_are_counted_whether_or_not_values_repeat(once: list[str], repeat: bool) -> None:
    texts = EncodedCells(pa.chunked_array([once, ["a"]]) if repeat else pa.chunked_array([once[:2], once[2:]]))
    assert texts.repeat is repeat, "up to half of the rows have texts of their own"
    different, counts = texts.count(np.array([text != "b" for text in texts.cells.to_pylist()]))
    expected = {"a": 2, "c": 1} if repeat else {"a": 1, "c": 1}
    assert dict(zip(different.to_pylist(), counts.tolist(), strict=True)) == expected
