"""Which library Keras runs on: chosen before it is imported, refused in words where it cannot be."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from riskmodel.errors import ConfigError, TrainingError
from riskmodel.networks.backend import BACKEND, keras
from riskmodel.sizing.backend_choice import can_train_here, check_backend, choose_backend, chosen_backend

ROOT = Path(__file__).parents[3]


def run(program: str, **variables: str) -> str:
    words = [sys.executable, "-c", program]
    environment = os.environ | variables
    found = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


def test_tensorflow_is_what_a_process_has_unless_it_chooses() -> None:
    assert (BACKEND, chosen_backend(), keras.config.backend()) == ("tensorflow", "tensorflow", "tensorflow")
    program = "from riskmodel.networks.backend import keras; print(keras.config.backend())"
    assert run(program, KERAS_BACKEND="jax") == "tensorflow"  # what a user set for others is not for us


def test_jax_once_chosen() -> None:
    program = (
        "from riskmodel.sizing.backend_choice import choose_backend; choose_backend('jax')\n"
        "from riskmodel.networks.backend import BACKEND, keras; print(BACKEND, keras.config.backend())"
    )
    assert run(program) == "jax jax"


def test_keras_cannot_be_moved_once_it_runs() -> None:
    assert can_train_here("tensorflow") and not can_train_here("jax")
    with pytest.raises(TrainingError, match="cannot train on JAX: Keras is already imported on 'tensorflow', and uses"):
        choose_backend("jax")
    choose_backend("tensorflow")  # once more does no harm


def test_keras_already_imported_on_another_backend_raises() -> None:
    program = "import keras\ntry: import riskmodel.networks.backend\nexcept Exception as error: print(error)"
    said = run(program, KERAS_BACKEND="jax")
    assert "needs Keras on TensorFlow; received Keras already imported on 'jax'" in said


def test_missing_jax_raises_with_the_install_command(monkeypatch: pytest.MonkeyPatch) -> None:
    check_backend("jax")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    check_backend("tensorflow")
    with pytest.raises(ConfigError, match=r"'jax' needs the package jax, which is not installed here.*pip install jax"):
        check_backend("jax")
