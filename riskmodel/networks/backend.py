"""Import of Keras on the backend chosen for this process.

Every module of networks and training writes ``from riskmodel.networks.backend import keras``; ``tf`` is here too
where Keras runs on TensorFlow.
"""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from riskmodel.config.sections.backend import BACKENDS
from riskmodel.errors import TrainingError
from riskmodel.sizing.backend_choice import chosen_backend

# A file in the user's home may set another backend; the variable takes precedence.
os.environ["KERAS_BACKEND"] = chosen_backend()
# Hides notices about drivers and instruction sets from the log; errors are kept.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

BACKEND = chosen_backend()
"""The Keras backend of this process."""

_UNUSED = ("matplotlib", "sklearn", *(["jax"] if BACKEND == "tensorflow" else []))
"""Optional packages of Keras and TensorFlow for what is not used here, such as plots of images."""


@contextmanager
def _without_unused() -> Iterator[None]:
    """Import Keras as if these packages were absent: 2.6 s of processor time instead of 4.3 s in every trainer.

    They can be imported afterwards. A package that is imported already stays.
    """
    hidden = [name for name in _UNUSED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: the import raises ImportError
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


with _without_unused():
    import keras

if keras.config.backend() != BACKEND:
    raise TrainingError(
        f"Training needs Keras on {BACKENDS[BACKEND]}; received Keras already imported on "
        f"'{keras.config.backend()}'. Import riskmodel before keras, or set KERAS_BACKEND={BACKEND}."
    )

if BACKEND == "tensorflow":
    import tensorflow as tf

    tf.get_logger().setLevel(logging.ERROR)

__all__ = ["BACKEND", "keras", "tf"]
