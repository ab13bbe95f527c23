"""Keras backend of a run."""

from typing import Literal

Backend = Literal["tensorflow", "jax"]

BACKENDS: dict[Backend, str] = {"tensorflow": "TensorFlow", "jax": "JAX"}
"""Display name of each backend."""
