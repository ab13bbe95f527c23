"""A model with a network written by hand, so that every probability can be computed by hand."""

import numpy as np
import onnx
import pyarrow as pa
import pytest
from onnx import TensorProto, helper, numpy_helper

from riskmodel.config.presets import preset
from riskmodel.config.sections.preprocessing import PreprocessingConfig
from riskmodel.evaluation.metrics import compute_metrics
from riskmodel.features.preprocessor import Preprocessor
from riskmodel.scoring.model.calibrator import IdentityCalibrator
from riskmodel.scoring.model.network import OnnxNetwork
from riskmodel.scoring.model.reference import Reference
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.scoring.model.scale import ScoreScale
from riskmodel.tables.coercion.coercion import type_table
from riskmodel.tables.schema.schema import Column, Schema

SCHEMA = Schema(
    columns=(
        Column(name="id", kind="identifier"),
        Column(name="income", kind="numerical"),
        Column(name="city", kind="categorical"),
        Column(name="bad", kind="target"),
    ),
    bad_values=("1",),
)


def make_network(num_inputs: int, each: np.ndarray | None = None) -> bytes:
    """log-odds = the sum of all inputs − 1, or the sum of the inputs times the weights given for each."""
    values = np.ones(num_inputs) if each is None else each
    weights = numpy_helper.from_array(values.reshape(-1, 1).astype(np.float32), "weights")
    bias = numpy_helper.from_array(np.array([-1.0], np.float32), "bias")
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["numerical", "weights"], ["product"]),
            helper.make_node("Add", ["product", "bias"], ["log_odds"]),
        ],
        "sum",
        [helper.make_tensor_value_info("numerical", TensorProto.FLOAT, [None, num_inputs])],
        [helper.make_tensor_value_info("log_odds", TensorProto.FLOAT, [None, 1])],
        [weights, bias],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def make_model() -> RiskModel:
    """Income has mean 2 and standard deviation 1 in training; cities are Oslo and Rome."""
    raw = pa.table(
        {"id": ["a", "b"], "income": ["1", "3"], "city": ["Oslo", "Rome"], "bad": ["0", "1"]},
        schema=pa.schema([(name, pa.string()) for name in SCHEMA.names]),
    )
    preprocessor = Preprocessor(SCHEMA, PreprocessingConfig(rare_share=0.0)).fit(type_table(raw, SCHEMA))
    metrics = compute_metrics(np.array([0, 1]), np.array([0.2, 0.7]))
    return RiskModel(
        schema=SCHEMA,
        preprocessor=preprocessor,
        network=OnnxNetwork(make_network(preprocessor.input_shape_.num_numerical)),
        calibrator=IdentityCalibrator(),
        scale=ScoreScale(pdo=50, base_score=600, base_odds=19, band_edges=(400.0, 450.0)),
        config=preset("mission"),
        metrics={"validation": metrics, "test": metrics},
        environment={"python": "3.11"},
        reference=Reference(training_probability_counts=(1,) * 40),
    )


@pytest.fixture
def model() -> RiskModel:
    return make_model()
