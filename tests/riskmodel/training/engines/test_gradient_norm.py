"""Norms of gradients compared with Keras's own gradients, step by step."""

import numpy as np
import pytest

from riskmodel.networks.backend import keras, tf
from riskmodel.training.engines.engine import Engine
from tests.riskmodel.training.customers import make_customers
from tests.riskmodel.training.engines.test_engine import ROWS, build, make_engine

STARTS = (0, 32, 64, 96)


def lengths_by_hand(optimizer: keras.optimizers.Optimizer) -> np.ndarray:
    """Norms of the gradients of an epoch's four steps, by the tape."""
    inputs, bad = make_customers(ROWS)
    model = build()
    found = []
    for start in STARTS:
        rows = slice(start, start + 32)
        with tf.GradientTape() as tape:
            predicted = model({"numerical": inputs.numerical[rows]}, training=True)
            target = bad[rows].astype(np.float32)[:, None]
            loss = keras.losses.BinaryCrossentropy(from_logits=True)(target, predicted)
        gradients = tape.gradient(loss, [variable.value for variable in model.trainable_variables])
        found.append(float(tf.linalg.global_norm(gradients)))
        optimizer.apply(gradients, model.trainable_variables)
    return np.array(found)


def run_epoch(engine: Engine) -> None:
    order = engine.place_order(np.arange(ROWS))
    engine.run_slice(order, 0, engine.num_full_steps, 0)
    engine.run_slice(order, engine.num_full_steps, engine.num_steps, 0)


def test_sgd_gives_the_root_mean_square_of_the_steps_lengths() -> None:
    engine = make_engine(build(), optimizer="sgd", learning_rate=0.3)
    run_epoch(engine)
    lengths = lengths_by_hand(keras.optimizers.SGD(0.3))
    assert engine.gradient_norm(4) == pytest.approx(np.sqrt(np.mean(lengths**2)), rel=1e-4)


@pytest.mark.parametrize(("name", "beta"), [("adam", 0.95), ("rmsprop", 0.9)])
def test_optimizers_with_squares_weight_later_steps_more(name: str, beta: float) -> None:
    engine = make_engine(build(), optimizer=name, learning_rate=0.01, beta_2=0.95)
    kinds = {"adam": keras.optimizers.Adam(0.01, beta_2=0.95), "rmsprop": keras.optimizers.RMSprop(0.01)}
    run_epoch(engine)
    lengths = lengths_by_hand(kinds[name])
    weights = beta ** np.array([3, 2, 1, 0])
    assert engine.gradient_norm(4) == pytest.approx(np.sqrt(np.average(lengths**2, weights=weights)), rel=1e-4)


def test_a_clipped_gradient_is_reported_with_its_full_norm() -> None:
    engine = make_engine(build(), optimizer="adam", learning_rate=1e-12, clip_norm=0.01)
    run_epoch(engine)
    lengths = lengths_by_hand(keras.optimizers.SGD(1e-12))
    assert lengths.min() > 0.02
    assert engine.gradient_norm(4) == pytest.approx(np.sqrt(np.mean(lengths**2)), rel=1e-4)


def test_epochs_are_independent() -> None:
    engine = make_engine(build(), optimizer="adam", learning_rate=1e-12)
    run_epoch(engine)
    first = engine.gradient_norm(4)
    run_epoch(engine)  # the weights stand still, so the gradients are the same
    assert engine.gradient_norm(4) == pytest.approx(first, rel=1e-3)
