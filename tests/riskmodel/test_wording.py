"""Counts, lists, percentages, durations and sizes as text."""

import doctest
import subprocess
import sys

import pytest

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
    ("share", "text"), [(0.0, "0.0%"), (0.0099, "0.99%"), (0.01, "1.0%"), (0.5, "50.0%"), (1.0, "100.0%")]
)
def test_percentages_below_one_have_two_decimals(share: float, text: str) -> None:
    assert wording.percentage(share) == text
