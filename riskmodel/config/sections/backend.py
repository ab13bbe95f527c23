"""The library that trains a run: Keras runs on either."""

from typing import Literal

Backend = Literal["tensorflow", "jax"]

BACKENDS: dict[Backend, str] = {"tensorflow": "TensorFlow", "jax": "JAX"}
"""What an analyst reads for each."""
