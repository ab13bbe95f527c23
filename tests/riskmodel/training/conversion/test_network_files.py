"""Networks stored as JSON and arrays equal the original networks."""

from pathlib import Path

import numpy as np
import pytest

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.config.network import NETWORKS
from riskmodel.inputs.shape import InputShape
from riskmodel.networks.build import build_network
from riskmodel.training.conversion.network_files import read_networks, write_networks
from riskmodel.training.engines.blended import BlendedNetwork
from tests.riskmodel.training.customers import as_dict, make_customers
from tests.riskmodel.training.engines.cases import SHAPE


@pytest.mark.parametrize("architecture", sorted(NETWORKS))
def test_every_architecture_predicts_the_same_after_serialization(architecture: str, tmp_path: Path) -> None:
    inputs, _ = make_customers(300)
    inputs.numerical[:] = inputs.numerical**3  # quantiles that are not those of a normal distribution
    model = build_network(NETWORKS[architecture](), SHAPE, seed=7, train=inputs)
    write_networks([BlendedNetwork(model, (0, 1, 2, 3), 1.0)], SHAPE, tmp_path)
    [read], shape = read_networks(tmp_path)
    assert shape == SHAPE and read.model.blueprint == model.blueprint
    assert np.array_equal(read.model(as_dict(inputs)).numpy(), model(as_dict(inputs)).numpy())


def test_edges_statistics_positions_and_weights_are_serialized(tmp_path: Path) -> None:
    inputs, _ = make_customers(300)
    first = build_network(TabmConfig(members=2, units=(4,), bins=5), SHAPE, seed=1, train=inputs)
    second = build_network(MlpConfig(units=(4,), normalization="batch"), InputShape(2), seed=2)
    second.get_layer("normalization_1").moving_variance.assign(np.full(4, 2.5, np.float32))
    write_networks([BlendedNetwork(first, (0, 1, 2, 3), 0.75), BlendedNetwork(second, (3, 1), 0.25)], SHAPE, tmp_path)
    read, _ = read_networks(tmp_path)
    assert [(each.positions, each.weight) for each in read] == [((0, 1, 2, 3), 0.75), ((3, 1), 0.25)]
    edges = [network.get_layer("numeric_encoding").edges for network in (first, read[0].model)]
    assert np.array_equal(edges[0], edges[1])
    assert read[1].model.get_layer("normalization_1").moving_variance.numpy().tolist() == [2.5] * 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["arrays.npz", "networks.json"]
