"""Counts, lists, percentages, durations and sizes as text."""

import doctest
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodel import wording


def test_every_function_has_an_example_and_it_runs() -> None:
    finder = doctest.DocTestFinder(exclude_empty=False)
    examples = {test.name: test for test in finder.find(wording, "wording") if test.name != "wording"}
    assert all(test.examples for test in examples.values()), "a function without an example"
    result = [doctest.DocTestRunner(verbose=False).run(test) for test in examples.values()]
    assert len(result) >= 6 and not sum(each.failed for each in result)


def test_only_the_standard_library_is_imported() -> None:
    code = "import sys, riskmodel.wording; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not set(loaded) & {"numpy", "pandas", "pyarrow", "pydantic", "rich", "streamlit"}


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.49, "less than 1 s"), (0.6, "1 s"), (59.4, "59 s"), (59.6, "1 min 00 s"), (3599, "59 min 59 s"),
     (3600, "1 h 00 min"), (90_000, "25 h 00 min")],
)  # fmt: skip
def test_durations_at_the_limits_of_their_units(seconds: float, text: str) -> None:
    assert wording.duration(seconds) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0%"), (0.00009, "under 0.01%"), (0.0001, "0.01%"), (0.005, "0.5%"), (0.0099, "0.99%"), (0.01, "1.0%"),
     (0.5, "50.0%"), (0.999, "99.9%"), (0.9991, "over 99.9%"), (1.0, "100%")],
)  # fmt: skip
def test_a_percentage_is_zero_or_a_hundred_only_if_exact(share: float, text: str) -> None:
    assert wording.percentage(share) == text


@pytest.mark.parametrize(
    ("num_bytes", "text"),
    [(0, "0.0 kB"), (1, "0.1 kB"), (99_940, "99.9 kB"), (99_960, "100 kB"), (999_400, "999 kB"), (999_600, "1.0 MB"),
     (345_600_000, "346 MB"), (999_600_000, "1.0 GB"), (500_107_862_016, "500 GB"), (10**18, "1,000,000 TB")],
)  # fmt: skip
def test_sizes_at_the_limits_of_their_units(num_bytes: int, text: str) -> None:
    assert wording.size(num_bytes) == text


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=3), max_size=12), st.integers(1, 12))
def test_a_list_names_each_entry_or_counts_it(names: list[str], max_names: int) -> None:
    words = wording.listed(names, max_names)
    if len(names) > max_names:
        assert words == f"{', '.join(names[:max_names])} and {len(names) - max_names} more"
    else:
        assert words.replace(" and ", ", ") == ", ".join(names)
        assert words.count(" and ") == (len(names) > 1)


@given(st.text(max_size=30), st.integers(1, 20))
def test_a_shortened_text_fits_and_is_marked(text: str, max_length: int) -> None:
    shown = wording.shorten(text, max_length)
    assert len(shown) <= max_length and (shown == text or (shown[-1] == "…" and text.startswith(shown[:-1])))
