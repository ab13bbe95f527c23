"""Each public package begins with its purpose and an example that runs."""

import importlib

import pytest

from tests.examples import run_examples
from tests.test_house import ROOT

PACKAGES = sorted(path.parent.name for path in ROOT.glob("riskmodel/*/__init__.py"))
# Their examples need Keras, so they run with the tests that import it.
WITH_KERAS = {"networks", "training"}


@pytest.mark.parametrize("name", sorted(set(PACKAGES) - WITH_KERAS))
def test_the_example_of_a_package_runs(name: str) -> None:
    assert run_examples(f"riskmodel.{name}") >= 2


def test_the_example_of_the_library_runs() -> None:
    assert run_examples("riskmodel") >= 2


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_begins_with_its_purpose_and_names_what_it_imports(name: str) -> None:
    text = importlib.import_module(f"riskmodel.{name}").__doc__ or ""
    purpose, imports, *example = text.split("\n\n")
    assert purpose.endswith(".") and imports.startswith("Imports `" if name != "command_line" else "Imports ")
    assert example and example[0].startswith("Example:\n    >>> ")
