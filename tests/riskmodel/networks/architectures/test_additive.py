"""The additive network: its log-odds are the sum of the contributions of its columns."""

import numpy as np

from riskmodel.config.architectures.additive import AdditiveConfig
from riskmodel.inputs.shape import InputFeature, InputShape
from riskmodel.networks.architectures.additive import CONTRIBUTIONS
from riskmodel.networks.backend import keras
from riskmodel.networks.build import build_network

SHAPE = InputShape(
    5,
    (3,),
    (
        InputFeature("income", 0, (1,)),
        InputFeature("debt", 2, offset=4),
        InputFeature("late", None, (3,)),
        InputFeature("city", embedding=0),
    ),
)


def contributions_of(inputs: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    model = build_network(AdditiveConfig(units=6, bins=5), SHAPE, seed=2)
    random = np.random.default_rng(3)
    for variable in model.trainable_variables:
        variable.assign(random.normal(0, 1, variable.shape))
    parts = keras.Model(model.input, model.get_layer(CONTRIBUTIONS).output)
    return parts(inputs).numpy(), model(inputs).numpy()[:, 0]


def make_inputs() -> dict[str, np.ndarray]:
    random = np.random.default_rng(1)
    numerical = random.normal(0, 1, (50, 5)).astype(np.float32)
    numerical[:, [1, 3]] = random.integers(0, 2, (50, 2))
    return {"numerical": numerical, "categorical": random.integers(0, 3, (50, 1)).astype(np.int32)}


def test_columns_and_a_constant_add_up_to_the_log_odds() -> None:
    parts, log_odds = contributions_of(make_inputs())
    assert parts.shape == (50, 4)
    rest = log_odds - parts.sum(axis=1)
    np.testing.assert_allclose(rest, rest[0], atol=1e-5)


def test_a_contribution_depends_on_its_own_column_alone() -> None:
    before, _ = contributions_of(make_inputs())
    for column, changes in {
        0: [("numerical", 0), ("numerical", 1)],
        1: [("numerical", 2), ("numerical", 4)],
        3: [("categorical", 0)],
    }.items():
        changed = make_inputs()
        for name, position in changes:
            changed[name][:, position] = 1 - changed[name][:, position] if name == "numerical" else 2
        after, _ = contributions_of(changed)
        others = [each for each in range(4) if each != column]
        np.testing.assert_allclose(after[:, others], before[:, others], atol=1e-6)
        assert not np.allclose(after[:, column], before[:, column])
