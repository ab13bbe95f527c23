"""Attention compared with Keras's own layer, and the inputs that affect the class token."""

import numpy as np
import pytest

from riskmodel.config.architectures.ft_transformer import FtTransformerConfig
from riskmodel.inputs.shape import InputShape
from riskmodel.networks.architectures.ft_transformer import Attention
from riskmodel.networks.backend import keras
from riskmodel.networks.blocks.seeds import Seeds
from riskmodel.networks.build import build_network

TOKENS = np.random.default_rng(0).standard_normal((5, 7, 12)).astype(np.float32)


def test_attention_is_keras_multi_head_attention() -> None:
    own = Attention(3, 0.0, only_first=False, seeds=Seeds(1), name="own")
    received = own(TOKENS)
    oracle = keras.layers.MultiHeadAttention(3, 4)
    oracle(TOKENS, TOKENS)
    kernels, biases = [kernel.numpy() for kernel in own.kernels], [np.arange(12.0) / 10 + part for part in range(4)]
    for variable, bias in zip(own.biases, biases, strict=True):
        variable.assign(bias)
    received = own(TOKENS)
    split = [
        (kernel.reshape(12, 3, 4), bias.reshape(3, 4)) for kernel, bias in zip(kernels[:3], biases[:3], strict=True)
    ]
    oracle.set_weights([*(each for pair in split for each in pair), kernels[3].reshape(3, 4, 12), biases[3]])
    np.testing.assert_allclose(received, oracle(TOKENS, TOKENS), atol=1e-4)


def test_the_first_token_attends_as_it_would_among_all() -> None:
    every = Attention(3, 0.0, only_first=False, seeds=Seeds(1), name="every")(TOKENS)
    first = Attention(3, 0.0, only_first=True, seeds=Seeds(1), name="first")(TOKENS)
    np.testing.assert_allclose(first[:, 0], every[:, 0], atol=1e-5)


def test_every_input_reaches_the_score() -> None:
    model = build_network(FtTransformerConfig(width=8, layers=2, heads=2), InputShape(3, (4,)), seed=2)
    numerical = np.random.default_rng(1).standard_normal((6, 3)).astype(np.float32)
    categorical = np.ones((6, 1), np.int32)
    before = model({"numerical": numerical, "categorical": categorical}).numpy()
    for position in range(3):
        changed = numerical.copy()
        changed[:, position] += 1
        assert not np.allclose(model({"numerical": changed, "categorical": categorical}), before)
    assert not np.allclose(model({"numerical": numerical, "categorical": categorical + 1}), before)


def test_heads_must_share_the_width_out() -> None:
    with pytest.raises(ValueError, match="width must be a multiple of heads; received 10 and 4"):
        FtTransformerConfig(width=10, heads=4)
