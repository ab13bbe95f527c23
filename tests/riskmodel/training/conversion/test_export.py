import numpy as np
import onnxruntime
import pytest

from riskmodel.config.architectures.mlp import MlpConfig
from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.config.sections.training import TrainingConfig
from riskmodel.errors import TrainingError
from riskmodel.inputs.shape import InputShape
from riskmodel.networks.build import build_network
from riskmodel.training.conversion import export
from riskmodel.training.engines.blended import BlendedNetwork
from tests.riskmodel.training.customers import as_dict, fit_network, make_customers


def to_onnx(model, shape: InputShape) -> bytes:
    return export.to_onnx([BlendedNetwork(model, tuple(range(shape.num_numerical)), 1.0)], shape)


def open_session(network: bytes) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
@pytest.mark.parametrize("activation", ["relu", "gelu", "selu", "elu", "swish", "tanh"])
def test_equal_to_the_trained_network(normalization: str, activation: str) -> None:
    inputs, bad = make_customers(200)
    config = MlpConfig(units=(8, 6), normalization=normalization, activation=activation)
    model = build_network(config, InputShape(4, (3,)), seed=7)
    fit_network(model, (inputs, bad), (inputs, bad), TrainingConfig(epochs=2))
    session = open_session(to_onnx(model, InputShape(4, (3,))))
    for num_rows in (1, 77):
        part = inputs.take(np.arange(num_rows))
        received = session.run(["log_odds"], as_dict(part))[0]
        assert received.shape == (num_rows, 1)
        assert np.allclose(received, model(as_dict(part)).numpy(), atol=1e-5)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (InputShape(3), {"numerical": ("tensor(float)", 3)}),
        (InputShape(0, (4, 5)), {"categorical": ("tensor(int32)", 2)}),
    ],
)
def test_names_types_and_free_rows(shape: InputShape, expected: dict[str, tuple[str, int]]) -> None:
    session = open_session(to_onnx(build_network(MlpConfig(units=(4,)), shape, seed=7), shape))
    assert {i.name: (i.type, i.shape[1]) for i in session.get_inputs()} == expected
    assert not any(isinstance(i.shape[0], int) for i in session.get_inputs())
    assert [(o.name, o.type) for o in session.get_outputs()] == [("log_odds", "tensor(float)")]


def test_a_failed_optimization_of_the_graph_is_left_out(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from tf2onnx.optimizer.identity_optimizer import IdentityOptimizer

    def fail(*_: object) -> None:
        raise ValueError("bad graph")

    monkeypatch.setenv("TF2ONNX_CATCH_ERRORS", "FALSE")
    monkeypatch.setattr(IdentityOptimizer, "_optimize", fail)
    to_onnx(build_network(MlpConfig(units=(4,)), InputShape(3), seed=7), InputShape(3))  # checked against Keras
    assert "An optimization of the ONNX graph failed; it is left out." in caplog.text


def test_an_export_that_differs_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    model = build_network(MlpConfig(units=(4,)), InputShape(3), seed=7)
    other = to_onnx(build_network(MlpConfig(units=(4,)), InputShape(3), seed=8), InputShape(3))
    with pytest.raises(TrainingError, match=r"must give the trained one's log-odds to within 1e-05; they differ by"):
        export._check_equal([BlendedNetwork(model, (0, 1, 2), 1.0)], InputShape(3), other)


@pytest.mark.parametrize("encoding", ["piecewise", "none"])
def test_members_are_exported_as_one_graph_of_their_mean_probability(encoding: str) -> None:
    inputs, bad = make_customers(200)
    config = TabmConfig(members=3, units=(8,), bins=5, numeric_encoding=encoding)
    model = build_network(config, InputShape(4, (3,)), seed=7, train=inputs)
    fit_network(model, (inputs, bad), (inputs, bad), TrainingConfig(epochs=2))
    received = open_session(to_onnx(model, InputShape(4, (3,)))).run(["log_odds"], as_dict(inputs))[0]
    members = model(as_dict(inputs)).numpy().astype(float)
    assert members.shape == (200, 3)
    probability = (1 / (1 + np.exp(-members))).mean(axis=1)
    assert np.allclose(1 / (1 + np.exp(-received[:, 0].astype(float))), probability, atol=1e-6)


def test_blended_networks_are_one_graph_of_their_weighted_mean() -> None:
    shape = InputShape(4, (3,))
    inputs, _ = make_customers(100)
    first = build_network(TabmConfig(members=2, units=(4,)), shape, seed=1)
    second = build_network(MlpConfig(units=(4,)), InputShape(2), seed=2)
    networks = [BlendedNetwork(first, (0, 1, 2, 3), 0.75), BlendedNetwork(second, (3, 1), 0.25)]
    received = open_session(export.to_onnx(networks, shape)).run(["log_odds"], as_dict(inputs))[0]
    members = 1 / (1 + np.exp(-first(as_dict(inputs)).numpy().astype(float)))
    others = 1 / (1 + np.exp(-second({"numerical": inputs.numerical[:, [3, 1]]}).numpy().astype(float)))
    probability = 0.75 * members.mean(axis=1) + 0.25 * others[:, 0]
    assert np.allclose(1 / (1 + np.exp(-received[:, 0].astype(float))), probability, atol=1e-6)
