"""Monotone networks: they only rise or only fall with a number, for any weights."""

import numpy as np
import pytest

from riskmodel.config.architectures.additive import AdditiveConfig
from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError
from riskmodel.inputs.shape import InputFeature, InputShape
from riskmodel.networks.backend import keras
from riskmodel.networks.blocks.members import average_log_odds
from riskmodel.networks.blocks.monotone import MonotoneActivation, value_signs
from riskmodel.networks.build import build_network

SHAPE = InputShape(
    4,
    (3,),
    (
        InputFeature("income", 0, (1,)),
        InputFeature("debt", 2),
        InputFeature("age", 3),
        InputFeature("city", embedding=0),
    ),
)
CHOSEN = {"monotone": "chosen", "increasing": ("debt",), "decreasing": ("income",)}
NETWORKS = [
    MlpConfig(units=(12, 9), dropout=0.0, **CHOSEN),
    MlpConfig(units=(12,), activation="elu", **CHOSEN),
    MlpConfig(units=(), **CHOSEN),
    TabmConfig(members=4, units=(12, 9), bins=5, **CHOSEN),
    TabmConfig(members=4, units=(12, 9), numeric_encoding="none", **CHOSEN),
    AdditiveConfig(units=5, bins=6, **CHOSEN),
]


@pytest.mark.parametrize("config", NETWORKS, ids=lambda config: type(config).__name__)
@pytest.mark.parametrize("seed", [1, 2])
def test_no_pair_goes_the_other_way_whatever_the_weights(config: MlpConfig, seed: int) -> None:
    model = build_network(config, SHAPE, seed=seed)
    random = np.random.default_rng(seed)
    for variable in model.trainable_variables:
        variable.assign(random.normal(0, 1.5, variable.shape))
    inputs = random.normal(0, 1.2, (10_000, 4)).astype(np.float32)
    cities = random.integers(0, 3, (10_000, 1)).astype(np.int32)
    for position, direction in ((0, -1), (2, 1)):
        low, high = inputs.copy(), inputs.copy()
        ends = np.sort(random.normal(0, 1.5, (10_000, 2)).astype(np.float32), axis=1)
        low[:, position], high[:, position] = ends[:, 0], ends[:, 1]
        before, after = (
            average_log_odds(model({"numerical": each, "categorical": cities})).numpy()[:, 0] for each in (low, high)
        )
        rises = (after - before) * direction
        assert np.all(rises >= -1e-5 * np.maximum(1, np.abs(before)))
        assert np.mean(rises > 1e-4) > 0.02  # and it does depend on it


@pytest.mark.parametrize("config", [NETWORKS[0], NETWORKS[3], NETWORKS[5]], ids=lambda config: type(config).__name__)
def test_free_numbers_go_both_ways(config: MlpConfig) -> None:
    model = build_network(config, SHAPE, seed=4)
    random = np.random.default_rng(4)
    for variable in model.trainable_variables:
        variable.assign(random.normal(0, 1, variable.shape))
    inputs = random.normal(0, 1, (2_000, 4)).astype(np.float32)
    steps = np.linspace(-2, 2, 9, dtype=np.float32)
    found = []
    for step in steps:
        inputs[:, 3] = step
        cities = np.zeros((2_000, 1), np.int32)
        found.append(average_log_odds(model({"numerical": inputs, "categorical": cities})).numpy()[:, 0])
    moves = np.diff(np.stack(found), axis=0)
    assert (moves > 1e-4).any() and (moves < -1e-4).any()


@pytest.mark.parametrize("activation", ["relu", "elu", "selu"])
def test_thirds_are_convex_concave_and_saturated(activation: str) -> None:
    x = np.linspace(-6, 6, 400, dtype=np.float32)
    outputs = np.asarray(MonotoneActivation(activation, name="bend")(np.repeat(x[:, None], 3, axis=1)))
    assert np.all(np.diff(outputs, axis=0) >= 0)
    bend = keras.activations.get(activation)
    np.testing.assert_allclose(outputs[:, 0], bend(x), atol=1e-6)
    np.testing.assert_allclose(outputs[:, 1], -bend(-x), atol=1e-6)
    if activation == "relu":
        np.testing.assert_allclose(outputs[:, 2], np.clip(x, -1, 1), atol=1e-6)


def test_signs_stand_where_the_numbers_stand() -> None:
    assert value_signs(NETWORKS[0], SHAPE).tolist() == [-1, 1, 0]
    assert value_signs(MlpConfig(increasing=("debt",)), SHAPE).tolist() == [0, 0, 0]  # not asked for


def test_a_column_that_is_no_number_is_named() -> None:
    with pytest.raises(ConfigError, match="Monotone column 'city' is not among the network's numerical inputs"):
        build_network(MlpConfig(monotone="chosen", increasing=("city",)), SHAPE, seed=1)


def test_directions_that_are_not_found_yet_are_never_taken_for_none() -> None:
    with pytest.raises(ValueError, match=r"must be resolved before building a network"):
        build_network(MlpConfig(monotone="data"), SHAPE, seed=1)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"monotone": "chosen", "increasing": ["a"], "decreasing": ["a"]}, "cannot be both increasing and decreasing"),
        ({"monotone": "data", "activation": "gelu"}, "need activation relu, elu or selu.*received 'gelu'"),
        ({"monotone": "data", "normalization": "batch"}, "need normalization none.*received 'batch'"),
    ],
)
def test_an_impossible_monotone_column_raises(values: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        RunConfig.from_dict({"network": {"architecture": "mlp", **values}})


def test_an_unconstrained_partner_would_break_monotonicity() -> None:
    partner = {"network": {"architecture": "realmlp"}}
    with pytest.raises(ConfigError, match="every network of the run"):
        RunConfig.from_dict(
            {"network": {"architecture": "tabm", "monotone": "data"}, "ensemble": {"partners": [partner]}}
        )
