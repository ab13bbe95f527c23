"""Hashes of texts: equal for equal texts, for any chunks."""

from collections import Counter

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.tables.values.text_hashes import count_equal, hash_texts

TEXTS = st.one_of(st.none(), st.text(max_size=4), st.text(st.sampled_from("aé"), min_size=250, max_size=260))


@given(st.lists(TEXTS, min_size=1, max_size=12), st.integers(1, 5), st.integers(0, 3))
def test_hashes_are_equal_if_texts_are(texts: list[str | None], size: int, first: int) -> None:
    cells = pa.chunked_array([texts[start : start + size] for start in range(0, len(texts), size)], pa.string())
    hashes = hash_texts(cells).tolist()
    assert [hashes.index(item) for item in hashes] == [texts.index(item) for item in texts]
    assert sorted(count_equal(hash_texts(cells)).tolist()) == sorted(Counter(texts).values())
    assert hash_texts(cells.slice(first)).tolist() == hashes[first:]


def test_no_texts_and_texts_of_nul_bytes() -> None:
    assert hash_texts(pa.chunked_array([], pa.string())).tolist() == []
    assert len(set(hash_texts(pa.chunked_array([["", "\0", "\0\0", "a\0", "a", "x" * 256, "x" * 257]])).tolist())) == 7
