"""Shared layers."""

import math

import numpy as np
import pytest

from riskmodel.networks.backend import keras, tf
from riskmodel.networks.blocks.layers import Dropout, EmbeddingBlock, gelu


def test_embedding_takes_each_columns_own_rows() -> None:
    block = EmbeddingBlock((2, 3), 2, initializer="zeros", regularizer=None, name="embedding")
    block.build((None, 2))
    block.table.assign(np.arange(10.0).reshape(5, 2))
    out = block(np.array([[0, 0], [1, 2]], np.int32)).numpy()
    # Column 0 has rows 0-1 of the table, column 1 rows 2-4.
    assert out.tolist() == [[0, 1, 4, 5], [2, 3, 8, 9]]


@pytest.mark.parametrize(("rate", "units"), [(0.5, 64), (0.1, 7), (0.75, 1)])
def test_dropout_keeps_the_mean_and_its_rate(rate: float, units: int) -> None:
    layer = Dropout(rate, seed=3, name="dropout")
    out = layer(tf.ones((60_000 // units, units)), training=True).numpy()
    kept = out[out != 0]
    assert np.mean(out == 0) == pytest.approx(rate, abs=0.01)
    assert np.allclose(kept, 1 / (1 - rate), rtol=1e-3)


def test_dropout_draws_are_independent_of_each_other() -> None:
    layer = Dropout(0.5, seed=3, name="dropout")
    ones = tf.ones((200, 300))
    first, second = layer(ones, training=True).numpy() > 0, layer(ones, training=True).numpy() > 0
    assert np.mean(first == second) == pytest.approx(0.5, abs=0.01)
    assert np.mean(first[:, 1:] == first[:, :-1]) == pytest.approx(0.5, abs=0.01)
    assert np.mean(first[1:] == first[:-1]) == pytest.approx(0.5, abs=0.01)
    other = Dropout(0.5, seed=4, name="other")(ones, training=True).numpy() > 0
    assert np.mean(first == other) == pytest.approx(0.5, abs=0.01)


def test_dropout_is_off_when_not_training_or_at_rate_zero() -> None:
    ones = tf.ones((5, 4))
    assert Dropout(0.5, seed=3, name="dropout")(ones).numpy().tolist() == ones.numpy().tolist()
    assert Dropout(0.0, seed=3, name="dropout")(ones, training=True).numpy().tolist() == ones.numpy().tolist()


def test_dropout_of_three_dimensions_and_unknown_rows() -> None:
    layer = Dropout(0.5, seed=3, name="dropout")
    function = tf.function(lambda x: layer(x, training=True), input_signature=[tf.TensorSpec((None, 2, 5))])
    assert function(tf.ones((40, 2, 5))).shape == (40, 2, 5)
    assert set(np.unique(function(tf.ones((40, 2, 5))))) == {0.0, 2.0}


def test_gelu_by_hand_and_against_keras() -> None:
    x = np.linspace(-4, 4, 33, dtype=np.float32)
    assert float(gelu(tf.constant(1.0))) == pytest.approx(0.5 * (1 + math.erf(1 / math.sqrt(2))), abs=1e-6)
    assert np.allclose(gelu(tf.constant(x)), keras.activations.gelu(x, approximate=False), atol=1e-6)
