"""Keras, imported in one place on the library that was chosen for this process.

Every module of networks and training writes ``from riskmodel.networks.backend import keras``; ``tf`` is here too
where Keras runs on TensorFlow.
"""

import logging
import os

from riskmodel.config.sections.backend import BACKENDS
from riskmodel.errors import TrainingError
from riskmodel.sizing.backend_choice import chosen_backend

# A file in the user's home can choose another backend; the variable wins over the file.
os.environ["KERAS_BACKEND"] = chosen_backend()
# Notices about drivers and instruction sets are not for the analyst's log; errors still are.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras

BACKEND = chosen_backend()
"""What Keras runs on in this process."""

if keras.config.backend() != BACKEND:
    raise TrainingError(
        f"Training needs Keras on {BACKENDS[BACKEND]}; received Keras already imported on "
        f"'{keras.config.backend()}'. Import riskmodel before keras, or set KERAS_BACKEND={BACKEND}."
    )

if BACKEND == "tensorflow":
    import tensorflow as tf

    tf.get_logger().setLevel(logging.ERROR)

__all__ = ["BACKEND", "keras", "tf"]
