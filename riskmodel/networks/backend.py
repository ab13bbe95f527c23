"""TensorFlow and Keras, imported in one place with the settings this project measured.

Every module of networks and training writes ``from riskmodel.networks.backend import keras, tf``.
"""

import logging
import os

from riskmodel.errors import TrainingError
from riskmodel.networks.cores import num_cores

# A file in the user's home can choose another backend; the variable wins over the file.
os.environ["KERAS_BACKEND"] = "tensorflow"
# Notices about drivers and instruction sets are not for the analyst's log; errors still are.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import tensorflow as tf

tf.get_logger().setLevel(logging.ERROR)

if keras.backend.backend() != "tensorflow":
    raise TrainingError(
        f"Training needs Keras on TensorFlow; received Keras already imported on '{keras.backend.backend()}'. "
        "Import riskmodel before keras, or set KERAS_BACKEND=tensorflow."
    )

__all__ = ["configure_threads", "keras", "tf"]


def configure_threads() -> None:
    """Set how many threads a training process uses. Has no effect once TensorFlow has run an operation.

    One by default. At batch 32 an operation takes microseconds, less than waking a second thread does: the mission's
    epoch took 0.10 s on one thread and 0.22–0.28 s on two (two cores); at batch 2048 two threads gained a sixth.
    It also leaves the other cores to other runs and to the pages. ``RISKMODEL_TRAINING_THREADS`` overrides it where
    wide networks with large batches are the rule.

    Raises:
        TrainingError: ``RISKMODEL_TRAINING_THREADS`` is not a whole number from 1 up.
    """
    text = os.environ.get("RISKMODEL_TRAINING_THREADS", "1")
    if not text.isdecimal() or int(text) < 1:
        raise TrainingError(f"RISKMODEL_TRAINING_THREADS must be a whole number from 1 up; received '{text}'.")
    try:
        tf.config.threading.set_intra_op_parallelism_threads(int(text))
        # Networks trained side by side run a thread each; one alone runs in order on one (``run_in_order``).
        tf.config.threading.set_inter_op_parallelism_threads(num_cores())
    except RuntimeError:  # TensorFlow is already running in this process, so its threads are what they are
        return
