"""Each optimizer compared with Keras over many steps, and with one step computed by hand."""

import numpy as np
import pytest

from riskmodel.config.sections.training import TrainingConfig
from riskmodel.networks.backend import keras, tf
from riskmodel.training.engines.tensorflow_optimizers import make_optimizer

KERAS = {
    "sgd": lambda: keras.optimizers.SGD(0.01),
    "momentum": lambda: keras.optimizers.SGD(0.01, momentum=0.8),
    "adam": lambda: keras.optimizers.Adam(0.01),
    "adamw": lambda: keras.optimizers.AdamW(0.01, weight_decay=0.1),
    "rmsprop": lambda: keras.optimizers.RMSprop(0.01),
}


@pytest.mark.parametrize("name", sorted(KERAS))
def test_equals_keras_after_many_steps(name: str) -> None:
    random = np.random.default_rng(0)
    starts = [random.standard_normal(shape).astype(np.float32) for shape in ((4, 3), (3,))]
    ours = [tf.Variable(start) for start in starts]
    theirs = [keras.Variable(start) for start in starts]
    config = TrainingConfig(optimizer=name, momentum=0.8, weight_decay=0.1)
    optimizer, oracle = make_optimizer(config, ours), KERAS[name]()
    for step in range(1, 31):
        gradients = [tf.constant(random.standard_normal(s.shape).astype(np.float32)) for s in starts]
        optimizer.apply(gradients, tf.constant(float(step)), tf.constant(0.01))
        oracle.apply(gradients, theirs)
    for mine, start, expected in zip(ours, starts, theirs, strict=True):
        assert not np.allclose(mine.numpy(), start, atol=1e-2)
        assert np.allclose(mine.numpy(), expected.numpy(), rtol=1e-5, atol=1e-6)


def one_step(gradient: float, **choices: object) -> float:
    variable = tf.Variable([1.0])
    optimizer = make_optimizer(TrainingConfig(**choices), [variable])
    optimizer.apply([tf.constant([gradient])], tf.constant(1.0), tf.constant(0.1))
    return float(variable.numpy()[0])


def test_first_step_by_hand() -> None:
    assert one_step(2.0, optimizer="sgd") == pytest.approx(0.8)
    assert one_step(2.0, optimizer="momentum") == pytest.approx(0.8)
    assert one_step(2.0, optimizer="adam") == pytest.approx(0.9)  # the first step is the rate, whatever the gradient
    assert one_step(2.0, optimizer="adamw", weight_decay=0.5) == pytest.approx(1 - 0.1 * 0.5 - 0.1)
    assert one_step(2.0, optimizer="rmsprop") == pytest.approx(1 - 0.1 * 2 / np.sqrt(0.1 * 4), rel=1e-5)


def test_sparse_gradients_and_weights_without_one() -> None:
    table, idle = tf.Variable(np.ones((3, 2), np.float32)), tf.Variable([5.0])
    optimizer = make_optimizer(TrainingConfig(optimizer="sgd"), [table, idle])
    slices = tf.IndexedSlices(tf.constant([[1.0, 2.0]]), tf.constant([1]), tf.constant([3, 2]))
    optimizer.apply([slices, None], tf.constant(1.0), tf.constant(0.5))
    assert table.numpy().tolist() == [[1, 1], [0.5, 0], [1, 1]]
    assert idle.numpy().tolist() == [5.0]
