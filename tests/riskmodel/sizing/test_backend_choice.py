"""Selection of the Keras backend: before its import, and errors where it is not possible."""

import importlib

import pytest

from riskmodel.errors import ConfigError, TrainingError
from riskmodel.networks import backend
from riskmodel.networks.backend import BACKEND, keras
from riskmodel.sizing.backend_choice import can_train_here, check_backend, choose_backend, chosen_backend


def test_the_backend_is_tensorflow_by_default() -> None:
    """The tests start with ``KERAS_BACKEND=jax``, as a user may have set it for other programs."""
    assert (BACKEND, chosen_backend(), keras.config.backend()) == ("tensorflow", "tensorflow", "tensorflow")


def test_keras_cannot_be_moved_once_it_runs() -> None:
    assert can_train_here("tensorflow") and not can_train_here("jax")
    with pytest.raises(TrainingError, match="cannot train on JAX: Keras is already imported on 'tensorflow', and uses"):
        choose_backend("jax")
    choose_backend("tensorflow")  # once more does no harm


def test_keras_already_imported_on_another_backend_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keras.config, "backend", lambda: "jax")
    with pytest.raises(TrainingError, match="needs Keras on TensorFlow; received Keras already imported on 'jax'"):
        importlib.reload(backend)


def test_missing_jax_raises_with_the_install_command(monkeypatch: pytest.MonkeyPatch) -> None:
    check_backend("jax")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    check_backend("tensorflow")
    with pytest.raises(ConfigError, match=r"'jax' needs the package jax, which is not installed here.*pip install jax"):
        check_backend("jax")
