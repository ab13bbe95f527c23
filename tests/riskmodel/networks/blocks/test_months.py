"""Convolution and LSTM over months compared with Keras's own layers."""

import numpy as np
import pytest

from riskmodel.config.architectures.cnn import CnnConfig
from riskmodel.config.architectures.lstm import LstmConfig
from riskmodel.inputs.shape import InputFeature, InputShape
from riskmodel.networks.architectures.cnn import MonthConvolution
from riskmodel.networks.architectures.lstm import MonthMemory
from riskmodel.networks.backend import keras
from riskmodel.networks.blocks.seeds import Seeds
from riskmodel.networks.build import build_network

INPUTS = np.random.default_rng(0).standard_normal((7, 5, 3)).astype(np.float32)
SHAPE = InputShape(
    7, (), (*(InputFeature(f"{s}{m}", 3 * (s == "b") + m) for s in "ab" for m in range(3)), InputFeature("x", 6))
)


@pytest.mark.parametrize("kernel_size", [1, 2, 3, 4])
def test_convolution_is_keras_conv1d(kernel_size: int) -> None:
    own = MonthConvolution(4, kernel_size, seed=1, name="own")
    received = own(INPUTS)
    oracle = keras.layers.Conv1D(4, kernel_size, padding="same", activation="relu")
    oracle.build(INPUTS.shape)
    oracle.set_weights([own.kernel.numpy().reshape(kernel_size, 3, 4), own.bias.numpy()])
    np.testing.assert_allclose(received, oracle(INPUTS), atol=1e-5)


def test_memory_is_keras_lstm() -> None:
    own = MonthMemory(6, seeds=Seeds(1), name="own")
    received = own(INPUTS)
    oracle = keras.layers.LSTM(6)
    oracle.build(INPUTS.shape)
    oracle.set_weights([own.kernel.numpy(), own.recurrent.numpy(), own.bias.numpy()])
    np.testing.assert_allclose(received, oracle(INPUTS), atol=1e-5)


@pytest.mark.parametrize("kind", [CnnConfig, LstmConfig])
def test_without_the_other_columns_they_do_not_matter(kind: type[CnnConfig] | type[LstmConfig]) -> None:
    inputs = np.random.default_rng(1).standard_normal((4, 7)).astype(np.float32)
    changed = inputs.copy()
    changed[:, 6] += 1
    for with_static in (True, False):
        model = build_network(kind(with_static=with_static), SHAPE, seed=3)
        same = np.allclose(model({"numerical": inputs}), model({"numerical": changed}))
        assert same is not with_static


def test_the_order_of_the_months_is_the_order_of_reading() -> None:
    inputs = np.random.default_rng(1).standard_normal((4, 7)).astype(np.float32)
    turned = inputs[:, [2, 1, 0, 5, 4, 3, 6]]
    first, second = (build_network(LstmConfig(latest=latest), SHAPE, seed=3) for latest in ("lowest", "highest"))
    np.testing.assert_allclose(first({"numerical": inputs}), second({"numerical": turned}), atol=1e-6)
    assert not np.allclose(first({"numerical": inputs}), second({"numerical": inputs}))
