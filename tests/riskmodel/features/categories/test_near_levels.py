"""Known categories that are suggested for a similar unseen one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskmodel.features.categories.near_levels import NearLevels

CASES = [
    (["RENT", "OWN"], {"Rent": "RENT", "own": "OWN", "lease": None}),
    (["self-employed", "Retired"], {"Self Employed": "self-employed", "selfemployed": "self-employed"}),
    (["São Paulo"], {"Sao Paulo": "São Paulo", "SAO_PAULO": "São Paulo"}),
    (["01", "02", "10"], {"1": "01", "002": "02", "3": None, "10.0": None}),
    (["true", "false"], {"yes": "true", "N": "false", "Ja": "true", "1": "true", "maybe": None}),
    (["0", "1"], {"Yes": "1", "non": "0", "TRUE": "1", "2": None}),
    (["Y", "N"], {"true": "Y", "0": "N", "y": "Y"}),
    (["Y", "N", "Z"], {"true": None, "0": None}),  # three letters are codes, not answers
    (["A+", "A-"], {"A": None, "a+": "A+"}),
]


@pytest.mark.parametrize(("known", "expected"), CASES)
def test_close_categories_are_found(known: list[str], expected: dict[str, str | None]) -> None:
    found = NearLevels(known).find(expected)
    assert found == {text: level for text, level in expected.items() if level}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=8), max_size=6, unique=True), st.lists(st.text(max_size=8), max_size=6))
def test_a_hint_is_always_a_known_category_that_differs(known: list[str], texts: list[str]) -> None:
    for text, level in NearLevels(known).find(texts).items():
        assert text in texts and level in known and text != level
