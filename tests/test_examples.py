"""Each package begins with its purpose and what it imports, a public one also with an example that runs."""

import importlib
import re

import grimp
import pytest

from tests.examples import run_examples
from tests.test_house import ROOT

PACKAGES = sorted(path.parent.name for path in ROOT.glob("riskmodel/*/__init__.py"))
# Their examples need Keras, so they run with the tests that import it.
WITH_KERAS = {"networks", "training"}
# Modules that any package may import without naming them.
UNNAMED = {"errors", "json_text", "wording"}


@pytest.mark.parametrize("name", sorted(set(PACKAGES) - WITH_KERAS))
def test_the_example_of_a_package_runs(name: str) -> None:
    assert run_examples(f"riskmodel.{name}") >= 2


def test_the_example_of_the_library_runs() -> None:
    assert run_examples("riskmodel") >= 2


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package_begins_with_its_purpose_and_an_example(name: str) -> None:
    text = importlib.import_module(f"riskmodel.{name}").__doc__ or ""
    purpose, imports, *example = text.split("\n\n")
    assert purpose.endswith(".") and imports.startswith("Imports ")
    assert example and example[0].startswith("Example:\n    >>> ")


def test_a_package_names_what_it_imports_of_its_parent() -> None:
    graph = grimp.build_graph("riskmodel", "pages", exclude_type_checking_imports=True, cache_dir=None)
    files = [*ROOT.glob("riskmodel/*/**/__init__.py"), *ROOT.glob("pages/components/*/__init__.py")]
    packages = [".".join(path.parent.relative_to(ROOT).parts) for path in files]
    named = {package: named_imports(importlib.import_module(package).__doc__ or "") for package in packages}
    assert len(packages) > 50 and named == {package: imports_of(graph, package) for package in packages}


def named_imports(docstring: str) -> set[str]:
    """The names in the first clause of the line "Imports"; none for "no other package"."""
    line = re.search(r"^Imports ((?:`[^`]*`|[^.;`])+)[.;]", docstring, re.MULTILINE)
    assert line, docstring
    return set() if line[1].startswith("no other package of `") else set(re.findall(r"`([^`]*)`", line[1]))


def imports_of(graph: grimp.ImportGraph, package: str) -> set[str]:
    """The modules and packages next to a package that its modules import at run time."""
    parent = f"{package.rpartition('.')[0]}."
    own = {package} | graph.find_descendants(package)
    imported = set().union(*map(graph.find_modules_directly_imported_by, own)) - own
    return {name.removeprefix(parent).split(".")[0] for name in imported if name.startswith(parent)} - UNNAMED
