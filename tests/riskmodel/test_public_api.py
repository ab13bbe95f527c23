"""The names of `import riskmodel`."""

import subprocess
import sys

import pytest

import riskmodel


@pytest.mark.parametrize("name", riskmodel.__all__)
def test_every_public_name_is_there_and_described(name: str) -> None:
    value = getattr(riskmodel, name)
    assert value.__doc__, f"riskmodel.{name} has no docstring"
    assert value.__module__.startswith("riskmodel.")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'riskmodel' has no attribute 'trian'"):
        _ = riskmodel.trian


def test_dir_lists_every_public_name() -> None:
    assert set(riskmodel.__all__) <= set(dir(riskmodel))


def loaded_after(program: str) -> set[str]:
    code = f"{program}\nimport sys; print('\\n'.join(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(found.stdout.split())


def test_importing_the_package_imports_nothing_heavy() -> None:
    heavy = {"numpy", "pyarrow", "pandas", "pydantic", "tensorflow", "keras", "onnxruntime", "sqlalchemy"}
    assert not loaded_after("import riskmodel") & heavy


def test_scoring_names_load_neither_tensorflow_nor_the_database() -> None:
    loaded = loaded_after("from riskmodel import RiskModel, score_file")
    assert not loaded & {"tensorflow", "keras", "sqlalchemy", "typer", "streamlit", "plotly"}
