"""A customer's log-odds are the same bits alone and among any others."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from riskmodel.config.architectures.additive import AdditiveConfig
from riskmodel.config.architectures.cnn import CnnConfig
from riskmodel.config.architectures.ft_transformer import FtTransformerConfig
from riskmodel.config.architectures.lstm import LstmConfig
from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.architectures.realmlp import RealMlpConfig
from riskmodel.config.architectures.resnet import ResnetConfig
from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.config.network import NETWORKS
from riskmodel.features.model_input import ModelInput
from riskmodel.inputs.shape import InputFeature, InputShape
from riskmodel.networks.build import build_network
from riskmodel.scoring.model import network
from riskmodel.scoring.model.network import OnnxNetwork
from riskmodel.scoring.model.onnx_graph import check_graph
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.scoring.streaming import in_order, stream
from riskmodel.scoring.streaming.stream import score_file
from riskmodel.tables.reading.open_table import open_table
from riskmodel.training.conversion.export import to_onnx
from riskmodel.training.engines.blended import BlendedNetwork
from tests.networks import small_network

SHAPE = InputShape(
    5, (3,), (*(InputFeature(f"pay_{place}", value=place) for place in range(5)), InputFeature("city", embedding=0))
)
ROWS = 4_111
SIZES = range(1, 258)

# Widths that are multiples of 8 and 16, and others whose last numbers are computed by other instructions.
CASES: dict[str, list[Any]] = {name: [small_network(name)] for name in NETWORKS} | {
    "tabm": [TabmConfig(members=6, units=(16, 13), bins=5, encoding_dimension=4)],
    "realmlp": [RealMlpConfig(units=(16, 11, 5), frequencies=3, encoding_dimension=3)],
    "mlp": [MlpConfig(units=(33, 8, 7), activation="swish")],
    "resnet": [ResnetConfig(blocks=1, width=19, hidden_width=9)],
    "ft_transformer": [FtTransformerConfig(width=10, layers=1, heads=2)],
    "additive": [AdditiveConfig(units=13, bins=5)],
    "cnn": [CnnConfig(filters=(5,), units=(11,))],
    "lstm": [LstmConfig(memory=7, units=(9,))],
    "ensemble": [TabmConfig(members=3, units=(21,), bins=5), RealMlpConfig(units=(16, 9)), MlpConfig(units=(7,))],
}


def make_inputs(num_rows: int = ROWS) -> ModelInput:
    random = np.random.default_rng(0)
    numerical = 2 * random.standard_normal((num_rows, 5), dtype=np.float32)
    return ModelInput(numerical, random.integers(0, 3, (num_rows, 1), dtype=np.int32))


def export(configs: list[Any], shape: InputShape = SHAPE) -> bytes:
    random = np.random.default_rng(1)
    networks = []
    for config in configs:
        model = build_network(config, shape, seed=7, train=make_inputs() if shape == SHAPE else None)
        for variable in model.trainable_variables:  # as if trained: layers that begin at 0 take part
            variable.assign(variable + 0.1 * random.standard_normal(variable.shape).astype(np.float32))
        networks.append(BlendedNetwork(model, tuple(range(shape.num_numerical)), 1 / len(configs)))
    return to_onnx(networks, shape)


@pytest.mark.parametrize("name", CASES)
def test_log_odds_are_equal_in_every_batch_and_after_a_restart(name: str) -> None:
    content, inputs = export(CASES[name]), make_inputs()
    check_graph(content)
    OnnxNetwork(content).check_independence(SHAPE)
    whole = OnnxNetwork(content).log_odds(inputs)
    scored = OnnxNetwork(content)
    for size in SIZES:
        rows = np.arange(size) + 7 * size
        np.testing.assert_array_equal(scored.log_odds(inputs.take(rows)), whole[rows], err_msg=f"{size} rows")


def test_contributions_are_equal_in_every_batch() -> None:
    scored, inputs = OnnxNetwork(export(CASES["additive"])), make_inputs(300)
    whole = scored.contributions(inputs)
    assert whole is not None
    for size in (1, 2, 15, 16, 17, 33):
        np.testing.assert_array_equal(scored.contributions(inputs.take(np.arange(size) + 40)), whole[40 : 40 + size])


def test_no_customer_is_no_score() -> None:
    scored = OnnxNetwork(export(CASES["additive"]))
    none = make_inputs(0)
    assert scored.log_odds(none).shape == (0,)
    contributions = scored.contributions(none)
    assert contributions is not None and contributions.shape == (0, 6)


@dataclass(frozen=True)
class Way:
    """Reading and division of a file into batches."""

    block_bytes: int
    workers: int
    rows_per_call: int


@pytest.mark.parametrize("way", [Way(1 << 24, 1, 8192), Way(3_001, 1, 8192), Way(5_003, 8, 8192), Way(70_000, 3, 48)])
def test_a_streamed_file_gives_the_scores_of_its_single_rows(
    model: RiskModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: Way
) -> None:
    shape = InputShape(model.preprocessor.input_shape_.num_numerical)
    tabm = export([TabmConfig(members=3, units=(16,), numeric_encoding="none")], shape)
    model = replace(model, network=OnnxNetwork(tabm))
    random = np.random.default_rng(2)
    source = tmp_path / "in.csv"
    lines = [f"{row},{random.normal():.4f},{random.choice(['Oslo', 'Rome'])}" for row in range(2_003)]
    source.write_text("\n".join(["id,income,city", *lines]))
    monkeypatch.setattr(stream, "open_table", lambda path, how: open_table(path, how, block_bytes=way.block_bytes))
    monkeypatch.setattr(in_order, "_MAX_WORKERS", way.workers)
    monkeypatch.setattr(network, "ROWS_PER_CALL", way.rows_per_call)
    score_file(model, source, output_parquet=tmp_path / "out.parquet")
    scored = pq.read_table(tmp_path / "out.parquet")
    frame = scored.select(["income", "city"])
    alone = [model.predict_probability(frame.slice(row, 1))[0] for row in range(0, 2_003, 23)]
    np.testing.assert_array_equal(scored["probability"].to_numpy()[::23], alone)
