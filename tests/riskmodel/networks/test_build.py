"""Networks: their inputs, their outputs, equal weights for equal seeds."""

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from riskmodel.config import architectures as config_architectures
from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.config.blocks.months import MonthsConfig
from riskmodel.config.network import NETWORKS, NetworkConfig
from riskmodel.errors import TrainingError
from riskmodel.inputs.shape import InputFeature, InputShape
from riskmodel.networks import architectures
from riskmodel.networks.backend import keras
from riskmodel.networks.build import build_network
from riskmodel.sizing.counts import count_network
from tests.examples import run_examples
from tests.networks import MIXED, MONTHS, small_network, vary_network


def weights(model) -> list[np.ndarray]:
    return [variable.numpy() for variable in model.trainable_variables]


def test_layers_of_the_mission() -> None:
    model = build_network(MlpConfig(), InputShape(50), seed=7)
    names = [layer.name for layer in model.layers]
    assert names == [
        "numerical",
        *("dense_1", "activation_1", "dropout_1"),
        *("dense_2", "activation_2", "dropout_2"),
        "log_odds",
    ]
    assert [w.shape for w in weights(model)] == [(50, 128), (128,), (128, 64), (64,), (64, 1), (1,)]
    assert [layer.rate for layer in model.layers if layer.name.startswith("dropout")] == [0.5, 0.5]


def test_logistic_regression_by_hand() -> None:
    model = build_network(MlpConfig(units=()), InputShape(2), seed=7)
    model.get_layer("log_odds").set_weights([np.array([[2.0], [-1.0]]), np.array([0.5])])
    out = model({"numerical": np.array([[1.0, 3.0]], np.float32)})
    assert out.numpy().tolist() == [[2.0 - 3.0 + 0.5]]


@pytest.mark.parametrize(
    ("shape", "names"),
    [
        (InputShape(3), ["numerical"]),
        (InputShape(0, (4, 5)), ["categorical"]),
        (InputShape(3, (4,)), ["numerical", "categorical"]),
    ],
)
def test_only_inputs_that_are_there(shape: InputShape, names: list[str]) -> None:
    model = build_network(MlpConfig(units=(4,)), shape, seed=7)
    assert sorted(tensor.name for tensor in model.inputs) == sorted(names)
    assert model.output_shape == (None, 1)


def test_no_inputs_is_refused() -> None:
    with pytest.raises(TrainingError, match=r"no inputs.*Mark at least one column"):
        build_network(MlpConfig(), InputShape(0), seed=7)


def test_same_seed_same_weights_and_others_differ() -> None:
    keras.utils.set_random_seed(1)
    first = weights(build_network(MlpConfig(), InputShape(5, (3,)), seed=7))
    keras.utils.set_random_seed(2)  # the global seed must not matter
    again = weights(build_network(MlpConfig(), InputShape(5, (3,)), seed=7))
    other = weights(build_network(MlpConfig(), InputShape(5, (3,)), seed=8))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])


def test_layers_of_one_network_start_differently() -> None:
    model = build_network(MlpConfig(units=(5, 5)), InputShape(5), seed=7)
    first, _, second, *_ = weights(model)
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
@pytest.mark.parametrize("activation", ["relu", "gelu", "selu", "elu", "swish", "tanh"])
def test_every_option_builds_and_is_finite(normalization: str, activation: str) -> None:
    config = MlpConfig(units=(4, 3), activation=activation, normalization=normalization)
    model = build_network(config, InputShape(3, (4,)), seed=7)
    inputs = {"numerical": np.ones((2, 3), np.float32), "categorical": np.zeros((2, 1), np.int32)}
    assert np.isfinite(model(inputs, training=True).numpy()).all()


def test_normalization_comes_before_the_activation() -> None:
    model = build_network(MlpConfig(units=(4,), normalization="layer"), InputShape(3), seed=7)
    names = [layer.name for layer in model.layers]
    assert names.index("dense_1") < names.index("normalization_1") < names.index("activation_1")


def test_l2_is_the_sum_of_squares_of_every_matrix() -> None:
    model = build_network(MlpConfig(units=(4,), l2=0.1), InputShape(3, (5,)), seed=7)
    matrices = [w for w in weights(model) if w.ndim == 2]  # two kernels and the embedding table
    assert len(matrices) == 3
    expected = 0.1 * sum(float((w.astype(np.float64) ** 2).sum()) for w in matrices)
    assert float(sum(model.losses)) == pytest.approx(expected, rel=1e-5)


WITH_OFFSETS = InputShape(
    7,
    (3,),
    (
        InputFeature("late", 0, (1,), offset=2),
        InputFeature("bill_1", 3),
        InputFeature("bill_2", 4, offset=5),
        InputFeature("city", embedding=0),
        InputFeature("bill_3", 6),
    ),
)


OFFSET_NETWORKS = [
    *(small_network(name) for name in NETWORKS),
    MlpConfig(units=(4,), monotone="chosen", increasing=("late",)),
    TabmConfig(members=2, units=(4,), numeric_encoding="none"),
]


@pytest.mark.parametrize("config", OFFSET_NETWORKS, ids=lambda config: f"{config.architecture}")
def test_offsets_are_added_to_the_log_odds_and_read_by_no_layer(config: NetworkConfig) -> None:
    random = np.random.default_rng(0)
    numerical = random.normal(0, 1, (6, 7)).astype(np.float32)
    categorical = random.integers(0, 3, (6, 1)).astype(np.int32)
    model = build_network(config, WITH_OFFSETS, seed=3)
    found = model({"numerical": numerical, "categorical": categorical}).numpy()
    positions, shape = WITH_OFFSETS.without_offsets()
    without = build_network(config, shape, seed=3)
    assert positions == (0, 1, 3, 4, 6)
    expected = without({"numerical": numerical[:, list(positions)], "categorical": categorical}).numpy()
    np.testing.assert_allclose(found, expected + numerical[:, [2]] + numerical[:, [5]], atol=1e-5)


def test_the_example_of_the_package_runs() -> None:
    assert run_examples("riskmodel.networks") >= 2


def num_weights(config: NetworkConfig, shape: InputShape) -> int:
    return sum(each.size for each in weights(build_network(config, shape, seed=1)))


@pytest.mark.parametrize("name", NETWORKS)
def test_the_layers_of_a_configuration_have_the_weights_that_keras_has(name: str) -> None:
    for config in vary_network(name):
        found, expected = count_network(config, MONTHS).parameters, num_weights(config, MONTHS)
        assert found == expected, f"list_layers has {found:,} parameters, the Keras network {expected:,}: {config!r}"


@pytest.mark.parametrize("shape", [MIXED, InputShape(6), InputShape(0, (4, 9))], ids=["mixed", "numbers", "categories"])
@pytest.mark.parametrize("name", [name for name in NETWORKS if not issubclass(NETWORKS[name], MonthsConfig)])
def test_the_layers_have_the_weights_for_any_inputs(name: str, shape: InputShape) -> None:
    small = small_network(name)
    assert count_network(small, shape).parameters == num_weights(small, shape)


@pytest.mark.parametrize("package", [config_architectures, architectures], ids=lambda package: package.__name__)
def test_a_package_of_architectures_has_one_module_for_each(package: ModuleType) -> None:
    modules = {path.stem for path in Path(package.__path__[0]).glob("[!_]*.py")}
    assert modules == set(NETWORKS), "a module for each name, and what several share in the package blocks"
