"""Rules of the code base: imports, file and function lengths, files at the top level."""

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = sorted(ROOT.glob("riskmodel/**/*.py"))
SCREEN = [ROOT / "app.py", *sorted(ROOT.glob("pages/**/*.py"))]
TESTS = sorted(ROOT.glob("tests/**/*.py"))
PRODUCT = [*LIBRARY, *SCREEN]

TOP_LEVEL = {
    ".ci", ".docs", ".gitignore", ".pictures", ".streamlit", "README.md", "app.py", "pages", "pyproject.toml",
    "requirements.txt", "riskmodel", "sample_data", "tests",
}  # fmt: skip

# Imported only in a run that asks for it; the tests have it.
OPTIONAL = {"jax"}

# The name of a distribution where it is not the name that is imported.
DISTRIBUTIONS = {
    "annotated_types": "annotated-types",
    "pynvml": "nvidia-ml-py",
    "python_calamine": "python-calamine",
    "sklearn": "scikit-learn",
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_modules(path: Path) -> Iterator[str]:
    """Every module named by an import statement anywhere in the file."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_a_page_never_imports_tensorflow() -> None:
    for path in SCREEN:
        imported = {module.partition(".")[0] for module in imported_modules(path)}
        assert not imported & {"tensorflow", "jax", "keras", "tf2onnx"}, name_of(path)


# Modules that the web process imports. `python -X importtime` would report the same, but slowly.
WEB_MODULES = [
    "riskmodel.command_line.shared.follow",
    "riskmodel.config.differences",
    "riskmodel.config.presets",
    "riskmodel.evaluation.bands",
    "riskmodel.evaluation.impact",
    "riskmodel.explanation.movement",
    "riskmodel.explanation.replacement",
    "riskmodel.features.preprocessor",
    "riskmodel.jobs.devices",
    "riskmodel.jobs.forecast",
    "riskmodel.jobs.gpu_status",
    "riskmodel.jobs.supervisor",
    "riskmodel.plots.comparison",
    "riskmodel.plots.evaluation",
    "riskmodel.plots.bad_rates",
    "riskmodel.plots.runs",
    "riskmodel.plots.scoring",
    "riskmodel.plots.search",
    "riskmodel.plots.training",
    "riskmodel.scoring.streaming.stream",
    "riskmodel.tables.proposal.proposal",
    "riskmodel.tables.quality",
    "riskmodel.training.progress",
    "riskmodel.training.searching.study",
    "riskmodel.workspace.shared_test_set",
    "riskmodel.workspace.runs.run_table",
    "riskmodel.workspace.workspace",
]


def test_nothing_the_web_process_uses_brings_tensorflow_in() -> None:
    program = (
        f"import importlib, sys\nfor name in {WEB_MODULES!r}: importlib.import_module(name)\n"
        "sys.exit(', '.join(sorted({'tensorflow', 'jax', 'keras', 'tf2onnx', 'streamlit'} & set(sys.modules))) or None)"
    )
    found = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")


def num_lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_too_long_to_read() -> None:
    lengths = {name_of(path): num_lines(path) for path in [*PRODUCT, *TESTS]}
    assert not {name: length for name, length in lengths.items() if length > 350}


def test_a_page_has_at_most_a_hundred_lines() -> None:
    lengths = {path.name: num_lines(path) for path in ROOT.glob("pages/*.py")}
    assert lengths and not {name: length for name, length in lengths.items() if length > 100}


def test_no_function_is_longer_than_sixty_lines() -> None:
    lengths = {
        f"{name_of(path)}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno
        for path in PRODUCT
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert not {name: length for name, length in lengths.items() if length > 60}


def test_a_package_has_a_docstring_and_no_code() -> None:
    packages = [path for path in LIBRARY if path.name == "__init__.py" and path.parent != ROOT / "riskmodel"]
    assert len(packages) >= 10
    for path in packages:
        body = parse(path).body
        assert [type(node) for node in body] == [ast.Expr], f"{name_of(path)} must hold its docstring only"


def test_only_what_belongs_at_the_top_lies_there() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    found = {line.split("/")[0] for line in listed.stdout.splitlines()}
    assert found <= TOP_LEVEL, f"unexpected: {sorted(found - TOP_LEVEL)}"


def requirement_names(path: Path) -> set[str]:
    lines = [line.partition("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()]
    return {re.split(r"[<>=!~\[; ]", line)[0].lower() for line in lines if line and not line.startswith("-")}


def test_requirements_are_what_the_product_imports_no_more_and_no_less() -> None:
    own = {"riskmodel", "app", "pages"}
    names = {module.partition(".")[0] for path in PRODUCT for module in imported_modules(path)}
    third_party = {name for name in names if name not in sys.stdlib_module_names and name not in own}
    imported = {DISTRIBUTIONS.get(name, name) for name in third_party}
    assert imported - OPTIONAL == requirement_names(ROOT / "requirements.txt")
    assert imported >= OPTIONAL and requirement_names(ROOT / "tests" / "requirements.txt") >= OPTIONAL


def test_every_requirement_has_a_lower_and_an_upper_bound_that_this_environment_meets() -> None:
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        match = re.fullmatch(r"([a-z0-9-]+)>=([\d.]+),<([\d.]+)", line)
        assert match, f"{line!r} must be name>=lowest,<next"
        version = re.match(r"[\d.]+", importlib.metadata.version(match[1]))
        assert version
        lowest, found, limit = (as_numbers(text) for text in (match[2], version[0], match[3]))
        assert lowest <= found < limit, line


def as_numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.strip(".").split("."))


def test_the_studio_is_private_and_starts_without_a_question() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["server"]["address"] == "127.0.0.1"
    assert settings["server"]["showEmailPrompt"] is False
    assert settings["server"]["enableStaticServing"] is False
    assert settings["server"].get("enableXsrfProtection", True) and settings["server"].get("enableCORS", True)
    assert settings["client"]["showErrorDetails"] in ("none", False)
    assert settings["browser"]["gatherUsageStats"] is False
