"""TabM-mini by hand."""

import numpy as np
import pytest

from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.features.model_input import ModelInput
from riskmodel.inputs.shape import InputFeature, InputShape
from riskmodel.networks.architectures.tabm import MemberScale
from riskmodel.networks.blocks.members import average_log_odds
from riskmodel.networks.build import build_network

SHAPE = InputShape(
    3,
    (5,),
    (
        InputFeature("age", value=0, indicators=(1,)),
        InputFeature("sex", indicators=(2,)),
        InputFeature("job", embedding=0),
    ),
)


def test_output_of_a_small_network_by_hand() -> None:
    config = TabmConfig(members=2, units=(2,), dropout=0.0, numeric_encoding="none")
    model = build_network(config, InputShape(2), seed=7)
    model.get_layer("member_scale").set_weights([np.array([[1.0, 2.0], [-1.0, 1.0]])])
    model.get_layer("dense_1").set_weights([np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0.0, 1.0])])
    model.get_layer("log_odds").set_weights([np.array([[1.0, 1.0], [2.0, -1.0]]), np.array([0.0, 0.5])])
    out = model({"numerical": np.array([[3.0, 1.0]], np.float32)}).numpy()
    # Member 1: (3, 2) → (3, 3) → 6. Member 2: (−3, 1) → relu (0, 2) → −2 + .5.
    assert out.tolist() == [[6.0, -1.5]]


def test_values_of_one_feature_share_their_first_scale() -> None:
    layer = MemberScale(4, (3, 1, 2), np.zeros(6, np.float32), is_normal=True, seed=3, name="scale")
    layer.build((None, 6))
    scale = layer.scale.numpy()
    assert scale.shape == (4, 6)
    assert (scale[:, :3] == scale[:, :1]).all() and (scale[:, 4] == scale[:, 5]).all()
    assert len(np.unique(scale)) == 4 * 3


def test_without_encodings_the_first_scales_are_signs() -> None:
    model = build_network(TabmConfig(numeric_encoding="none"), InputShape(40), seed=7)
    scale = model.get_layer("member_scale").scale.numpy()
    assert set(np.unique(scale)) == {-1.0, 1.0}


def test_every_kind_of_input_reaches_the_output() -> None:
    train = ModelInput(np.random.default_rng(0).random((50, 3), np.float32), np.zeros((50, 1), np.int32))
    model = build_network(TabmConfig(members=4, dropout=0.0), SHAPE, seed=7, train=train)
    base = {"numerical": np.full((1, 3), 0.5, np.float32), "categorical": np.array([[1]], np.int32)}
    first = model(base).numpy()
    assert first.shape == (1, 4)
    for position in range(3):
        moved = base["numerical"].copy()
        moved[0, position] = 0.9
        assert not np.array_equal(model(base | {"numerical": moved}).numpy(), first)
    assert not np.array_equal(model(base | {"categorical": np.array([[3]], np.int32)}).numpy(), first)


def test_pieces_come_from_the_training_customers() -> None:
    train = ModelInput(np.linspace(0, 100, 101, dtype=np.float32)[:, None], np.zeros((101, 0), np.int32))
    model = build_network(TabmConfig(bins=4), InputShape(1), seed=7, train=train)
    assert model.get_layer("numeric_encoding").edges.tolist() == [[0, 25, 50, 75, 100]]


@pytest.mark.parametrize("size", [1.0, 500.0])
def test_log_odds_of_the_mean_probability(size: float) -> None:
    log_odds = np.array([[-1.0, 0.5, 2.0], [-1.0, -1.0, -1.0]], np.float32) * size
    received = average_log_odds(log_odds).numpy()
    assert received.shape == (2, 1) and np.isfinite(received).all()
    if size == 1.0:
        mean = (1 / (1 + np.exp(-log_odds.astype(float)))).mean(axis=1)
        assert received[:, 0] == pytest.approx(np.log(mean / (1 - mean)), abs=1e-6)
    else:
        # Probabilities 0, 1, 1 and 0, 0, 0: odds of 2 to 1, and those of any of three equal members.
        assert received[:, 0] == pytest.approx([np.log(2.0), -500.0])
