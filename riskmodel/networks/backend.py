"""Import of Keras on the backend chosen for this process.

Every module of networks and training writes ``from riskmodel.networks.backend import keras``; ``tf`` is here too
where Keras runs on TensorFlow.
"""

import logging
import os

from riskmodel.config.sections.backend import BACKENDS
from riskmodel.errors import TrainingError
from riskmodel.sizing.backend_choice import chosen_backend

# A file in the user's home may set another backend; the variable takes precedence.
os.environ["KERAS_BACKEND"] = chosen_backend()
# Hides notices about drivers and instruction sets from the log; errors are kept.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras

BACKEND = chosen_backend()
"""The Keras backend of this process."""

if keras.config.backend() != BACKEND:
    raise TrainingError(
        f"Training needs Keras on {BACKENDS[BACKEND]}; received Keras already imported on "
        f"'{keras.config.backend()}'. Import riskmodel before keras, or set KERAS_BACKEND={BACKEND}."
    )

if BACKEND == "tensorflow":
    import tensorflow as tf

    tf.get_logger().setLevel(logging.ERROR)

__all__ = ["BACKEND", "keras", "tf"]
