"""Gives every test its own workspace and a defined environment."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

HERE = Path(__file__).parent

# A warm trainer would load TensorFlow without need. Tests of warm trainers turn it on.
os.environ["RISKMODEL_WARM_TRAINER"] = "off"

# As in trainers, whose networks are small: more threads cost more than they save.
os.environ["TF_NUM_INTRAOP_THREADS"] = "1"

# What a user may have set for other programs; the package chooses its own backend.
os.environ["KERAS_BACKEND"] = "jax"

# The suite repeats the same examples, so that its result depends on the code alone.
# ``--hypothesis-profile random`` draws new ones. Examples have no time limit, because the machine may be busy.
settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.register_profile("random", deadline=None, print_blob=True)
settings.load_profile("suite")

gc.disable()
"""Until all tests are collected: nothing that is imported is released."""


@pytest.fixture(autouse=True)
def private_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point RISKMODEL_HOME at an empty folder, so that no test sees or touches the user's own workspace."""
    home = tmp_path / "workspace"
    monkeypatch.setenv("RISKMODEL_HOME", str(home))
    monkeypatch.delenv("RISKMODEL_DATABASE_URL", raising=False)
    monkeypatch.delenv("RISKMODEL_TOKEN", raising=False)
    return home


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of this folder first, so that the long sessions of the README run in parallel with others."""
    items.sort(key=lambda item: item.path.parent != HERE)


def pytest_collection_finish() -> None:
    """Exclude the modules and the tests from later garbage collections."""
    gc.collect()
    gc.freeze()
    gc.enable()
