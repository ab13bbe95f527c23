"""RealMLP's layers by hand."""

import math

import numpy as np
import pytest

from riskmodel.config.architectures.realmlp import RealMlpConfig
from riskmodel.inputs.shape import InputFeature, InputShape
from riskmodel.networks.architectures.realmlp import InputScale, MixedSelu, PeriodicEncoding, SmoothClip, TangentDense
from riskmodel.networks.build import build_network


def test_the_clip_is_smooth_and_within_three() -> None:
    received = SmoothClip()(np.array([[0.0, 3.0, -1e6]], np.float32)).numpy()[0]
    assert received == pytest.approx([0.0, 3 / math.sqrt(2), -3.0], abs=1e-4)


def test_waves_by_hand() -> None:
    layer = PeriodicEncoding(2, 2, frequency_scale=0.1, seeds=(1, 2, 3), name="encoding")
    layer.build((None, 1))
    layer.set_weights(
        [np.array([[0.25, 0.5]]), np.array([[0.0, math.pi]]), np.array([[[2.0], [3.0]]]), np.array([[1.0]])]
    )
    # x = 1: 2 cos(π / 2) + 3 cos(π + π) + 1 = 4, beside x itself.
    assert layer(np.array([[1.0]], np.float32)).numpy()[0] == pytest.approx([1.0, 4.0], abs=1e-5)


def test_columns_of_the_encoding_stay_apart() -> None:
    layer = PeriodicEncoding(3, 4, frequency_scale=0.1, seeds=(1, 2, 3), name="encoding")
    base = layer(np.array([[0.3, 0.7]], np.float32)).numpy()[0]
    moved = layer(np.array([[0.3, 0.9]], np.float32)).numpy()[0]
    assert (base[:4] == moved[:4]).all() and (base[4:] != moved[4:]).any()
    assert (base[0], base[4]) == (np.float32(0.3), np.float32(0.7))


def test_the_tangent_parametrization_by_hand() -> None:
    layer = TangentDense(1, seed=1, name="dense")
    layer.build((None, 4))
    layer.set_weights([np.array([[1.0], [2.0], [3.0], [4.0]]), np.array([0.5])])
    assert layer(np.ones((1, 4), np.float32)).numpy().tolist() == [[10 / 2 + 0.5]]


def test_the_mix_goes_from_a_line_to_selu() -> None:
    layer = MixedSelu()
    inputs = np.array([[-1.0, -1.0, 2.0]], np.float32)
    layer.build(inputs.shape)
    layer.set_weights([np.array([0.0, 1.0, 0.5])])
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    selu = scale * alpha * (math.exp(-1.0) - 1)
    assert layer(inputs).numpy()[0] == pytest.approx([-1.0, selu, 2 + 0.5 * (2 * scale - 2)], abs=1e-6)


def test_learning_rates_and_decay_are_set_where_the_paper_has_them() -> None:
    model = build_network(RealMlpConfig(units=(3,)), InputShape(2), seed=7)
    by_layer = {type(layer): layer for layer in model.layers}
    assert by_layer[InputScale].scale.rate_factor == 6.0
    dense = model.get_layer("dense_1")
    assert (dense.bias.rate_factor, dense.bias.decays) == (0.1, False)
    assert not hasattr(dense.kernel, "rate_factor")
    assert by_layer[MixedSelu].mix.rate_factor == 0.1


def test_every_kind_of_input_reaches_the_output() -> None:
    features = (InputFeature("age", 0, (1,)), InputFeature("sex", None, (2,)), InputFeature("job", embedding=0))
    model = build_network(RealMlpConfig(units=(8,), dropout=0.0), InputShape(3, (4,), features), seed=7)
    base = {"numerical": np.full((1, 3), 0.5, np.float32), "categorical": np.array([[1]], np.int32)}
    first = model(base).numpy()
    assert first.shape == (1, 1)
    for position in range(3):
        moved = base["numerical"].copy()
        moved[0, position] = 0.9
        assert not np.array_equal(model(base | {"numerical": moved}).numpy(), first)
    assert not np.array_equal(model(base | {"categorical": np.array([[3]], np.int32)}).numpy(), first)
