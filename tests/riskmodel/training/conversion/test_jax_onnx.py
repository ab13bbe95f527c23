"""The process that converts networks trained on JAX to ONNX, from its caller's side."""

from collections.abc import Iterator

import numpy as np
import onnxruntime
import pytest

from riskmodel.config.architectures.tabm import TabmConfig
from riskmodel.errors import TrainingError
from riskmodel.networks.build import build_network
from riskmodel.training.conversion import jax_onnx
from riskmodel.training.engines.blended import BlendedNetwork
from tests.riskmodel.training.customers import as_dict, make_customers
from tests.riskmodel.training.engines.cases import SHAPE


@pytest.fixture(autouse=True)
def no_waiting_process() -> Iterator[None]:
    yield
    for process in jax_onnx._waiting:
        process.kill()
        process.communicate()
    jax_onnx._waiting.clear()


@pytest.mark.slow
def test_a_prepared_process_converts_once() -> None:
    inputs, _ = make_customers(50)
    model = build_network(TabmConfig(members=2, units=(4,), bins=3), SHAPE, seed=1, train=inputs)
    jax_onnx.prepare_conversion()
    jax_onnx.prepare_conversion()  # one that waits is enough
    [waiting] = jax_onnx._waiting
    graph = jax_onnx.convert_to_onnx([BlendedNetwork(model, (0, 1, 2, 3), 1.0)], SHAPE)
    assert waiting.returncode == 0 and not jax_onnx._waiting
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    bad = 1 / (1 + np.exp(-session.run(["log_odds"], as_dict(inputs))[0][:, 0].astype(float)))
    members = 1 / (1 + np.exp(-model(as_dict(inputs)).numpy().astype(float)))
    assert np.allclose(bad, members.mean(axis=1), atol=1e-6)


def test_a_failed_conversion_raises_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    model = build_network(TabmConfig(members=2, units=(4,)), SHAPE, seed=1)
    monkeypatch.setattr(jax_onnx.sys, "executable", "/bin/false")
    words = r"to ONNX by TensorFlow.*ended with exit code 1\. Its last output: none Train on TensorFlow instead"
    with pytest.raises(TrainingError, match=words):
        jax_onnx.convert_to_onnx([BlendedNetwork(model, (0, 1, 2, 3), 1.0)], SHAPE)


@pytest.mark.slow
def test_an_unused_process_ends_with_its_input() -> None:
    jax_onnx.prepare_conversion()
    [waiting] = jax_onnx._waiting
    waiting.communicate("")
    assert waiting.returncode == 0
