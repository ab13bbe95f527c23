"""The count of weights without Keras equals Keras's."""

import subprocess
import sys

import numpy as np
import pytest

from riskmodel.config.network import MlpConfig, NetworkConfig, RealMlpConfig, TabmConfig
from riskmodel.features.model_input import InputFeature, InputShape
from riskmodel.networks.build import build_network
from riskmodel.networks.size import count_parameters

MIXED = InputShape(
    4, (3,), (InputFeature("a", 0, (1,)), InputFeature("b", None, (2, 3)), InputFeature("c", embedding=0))
)


def test_mission_network_by_hand() -> None:
    # 50·128 + 128, 128·64 + 64, 64 + 1
    assert count_parameters(MlpConfig(), InputShape(50)) == 6528 + 8256 + 65


@pytest.mark.parametrize(
    "config",
    [
        MlpConfig(units=()),
        MlpConfig(units=(5, 3, 7), normalization="batch"),
        MlpConfig(units=(4,), normalization="layer", embedding_dimension=3),
        TabmConfig(members=3, units=(5, 4), bins=6, encoding_dimension=2),
        RealMlpConfig(units=(5, 4), frequencies=3),
        RealMlpConfig(units=(5,), frequencies=0, embedding_dimension=3),
        TabmConfig(members=2, units=(5,), numeric_encoding="none", embedding_dimension=3),
    ],
)
@pytest.mark.parametrize("shape", [InputShape(6), InputShape(0, (4, 9)), InputShape(2, (3,)), MIXED])
def test_equals_keras(config: NetworkConfig, shape: InputShape) -> None:
    model = build_network(config, shape, seed=1)
    assert count_parameters(config, shape) == sum(int(np.prod(v.shape)) for v in model.trainable_variables)


def test_needs_no_keras() -> None:
    code = "import sys, riskmodel.networks.size; print('keras' in sys.modules or 'tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
