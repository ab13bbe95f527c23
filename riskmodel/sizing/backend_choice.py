"""Selection of the Keras backend of this process, without importing Keras."""

from __future__ import annotations

import importlib.util
import sys

from riskmodel.config.sections.backend import BACKENDS, Backend
from riskmodel.errors import ConfigError, TrainingError

_chosen: Backend = "tensorflow"


def chosen_backend() -> Backend:
    """The Keras backend for this process; TensorFlow unless :func:`choose_backend` was called."""
    return _chosen


def choose_backend(backend: Backend) -> None:
    """Select ``backend`` for Keras in this process. Call before importing networks or training.

    Raises:
        ConfigError: JAX is not installed.
        TrainingError: Keras is already imported and runs on the other one.
    """
    global _chosen
    check_backend(backend)
    if not can_train_here(backend):
        raise TrainingError(
            f"This process cannot train on {BACKENDS[backend]}: Keras is already imported on '{_running_backend()}', "
            "and uses one backend per process. Choose the backend first, or train in another process."
        )
    _chosen = backend


def can_train_here(backend: Backend) -> bool:
    """Whether Keras runs on ``backend`` in this process, or is not imported yet."""
    return _running_backend() in (None, backend)


def check_backend(backend: Backend) -> None:
    """Check that what ``backend`` needs is installed; nothing is imported.

    Raises:
        ConfigError: JAX is not installed.
    """
    if backend == "jax" and importlib.util.find_spec("jax") is None:
        raise ConfigError(
            "Backend 'jax' needs the package jax, which is not installed here. Install it with: pip install jax "
            "(with an NVIDIA GPU: pip install 'jax[cuda12]'), or choose the backend TensorFlow."
        )


def _running_backend() -> str | None:
    keras = sys.modules.get("keras")
    return None if keras is None else str(keras.config.backend())
