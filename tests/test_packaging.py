"""Contents of an installation: version, dependencies, console script, license and types."""

import importlib
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import riskmodel

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_version_and_dependencies_have_one_source(settings: dict[str, Any]) -> None:
    project = settings["project"]
    assert set(project["dynamic"]) == {"dependencies", "version"}
    assert not {"dependencies", "optional-dependencies", "version"} & set(project)
    assert settings["tool"]["setuptools"]["dynamic"] == {
        "dependencies": {"file": "requirements.txt"},
        "version": {"attr": "riskmodel.__version__"},
    }
    assert re.fullmatch(r"\d+\.\d+\.\d+", riskmodel.__version__)


def test_the_changelog_begins_with_the_present_version() -> None:
    changelog = (ROOT / ".docs" / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (\S+)", changelog, flags=re.MULTILINE)
    assert headings[0] == riskmodel.__version__


def test_the_console_script_is_a_function(settings: dict[str, Any]) -> None:
    module, _, function = settings["project"]["scripts"]["riskmodel"].partition(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_the_license_is_apache_2_and_is_named(settings: dict[str, Any]) -> None:
    project = settings["project"]
    assert (project["license"], project["license-files"]) == ("Apache-2.0", [".docs/LICENSE"])
    text = (ROOT / ".docs" / "LICENSE").read_text(encoding="utf-8")
    assert text.split()[:5] == ["Apache", "License", "Version", "2.0,", "January"]


def test_a_wheel_holds_the_package_and_its_marker_of_types_only(settings: dict[str, Any]) -> None:
    packaging = settings["tool"]["setuptools"]
    assert packaging["packages"]["find"]["include"] == ["riskmodel*"]
    others = {
        str(path.relative_to(ROOT / "riskmodel"))
        for path in (ROOT / "riskmodel").rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    }
    assert others == {"py.typed"} == set(packaging["package-data"]["riskmodel"])
