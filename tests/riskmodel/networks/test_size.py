"""The count of weights without Keras equals Keras's."""

import subprocess
import sys

import numpy as np
import pytest

from riskmodel.config.network import NetworkConfig
from riskmodel.features.model_input import InputShape
from riskmodel.networks.build import build_network
from riskmodel.networks.size import count_parameters


def test_mission_network_by_hand() -> None:
    # 50·128 + 128, 128·64 + 64, 64 + 1
    assert count_parameters(NetworkConfig(), InputShape(50)) == 6528 + 8256 + 65


@pytest.mark.parametrize(
    "config",
    [
        NetworkConfig(units=()),
        NetworkConfig(units=(5, 3, 7), normalization="batch"),
        NetworkConfig(units=(4,), normalization="layer", embedding_dimension=3),
    ],
)
@pytest.mark.parametrize("shape", [InputShape(6), InputShape(0, (4, 9)), InputShape(2, (3,))])
def test_equals_keras(config: NetworkConfig, shape: InputShape) -> None:
    model = build_network(config, shape, seed=1)
    assert count_parameters(config, shape) == sum(int(np.prod(v.shape)) for v in model.trainable_variables)


def test_needs_no_keras() -> None:
    code = "import sys, riskmodel.networks.size; print('keras' in sys.modules or 'tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
