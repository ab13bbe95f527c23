"""Trainings in a subprocess on JAX, while this process uses TensorFlow."""

import io
import json
from pathlib import Path

import numpy as np
import pytest

import riskmodel
from riskmodel.config.presets import preset
from riskmodel.config.run import RunConfig
from riskmodel.errors import ConfigError, TrainingError
from riskmodel.networks.backend import BACKEND
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.split import PARTS, Split, make_split
from riskmodel.training import other_process
from riskmodel.training.entry import train, train_on_split
from tests.riskmodel.training.customers import Recorder
from tests.riskmodel.workspace.examples import epoch_result

SAMPLE = Path(__file__).parents[3] / "sample_data" / "customers.csv"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(autouse=True)
def fast_compilation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most of a training of two epochs is compilation."""
    assert BACKEND == "tensorflow"
    monkeypatch.setenv("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")


def on_jax(**training: object) -> RunConfig:
    config = preset("mission")
    changed = config.training.model_copy(update={"epochs": 2} | training)
    return config.model_copy(update={"backend": "jax", "training": changed})


def test_train_uses_a_subprocess_and_returns_the_same_kind_of_run() -> None:
    recorder = Recorder()
    run = train(SAMPLE, target="defaulted", identifiers=["customer_id"], config=on_jax(), listener=recorder)
    assert recorder.phases == ["Splitting", "Fitting the preprocessing", "Training", "Exporting", "Evaluating"]
    assert tuple(recorder.epochs) == run.history and len(run.history) == 2
    assert recorder.slices[-1].rows_done == recorder.slices[-1].rows_total == 2 * 3000
    assert run.metrics["test"].auc > 0.7 and run.metrics == run.model.metrics
    assert run.predictions.column_names == ["row", "part", "bad", "probability"] and run.predictions.num_rows == 5000
    assert "jax" in run.model.environment
    dataset = Dataset.from_file(SAMPLE, target="defaulted", identifiers=("customer_id",))
    assert np.allclose(run.model.predict_typed(dataset.table), run.predictions["probability"].to_numpy(), atol=1e-12)
    # With the same seed TensorFlow learns the same, but for which units dropout silences.
    on_tensorflow = train(dataset, config=on_jax().model_copy(update={"backend": "tensorflow"}))
    assert on_tensorflow.history[-1].validation_loss == pytest.approx(run.history[-1].validation_loss, abs=0.02)


def test_a_stop_and_a_given_split_reach_the_subprocess() -> None:
    dataset = Dataset.from_file(SAMPLE, target="defaulted", identifiers=("customer_id",))
    part = make_split(dataset, preset("mission").split, 7).part.copy()
    part[part == PARTS["test"]] = PARTS["train"]
    recorder = Recorder(stop_after=1)
    run = train_on_split(dataset, Split(part, ("Parts by hand.",)), on_jax(epochs=5000), listener=recorder)
    assert run.stopped and len(run.history) < 5000
    assert any("Stopped on request" in note for note in run.notes)
    assert set(run.metrics) == {"validation"} and "Parts by hand." in run.notes


def test_a_new_configuration_passes_through_the_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(other_process._PipeListener, "_watch_stdin", lambda self: None)
    text, recorder = io.StringIO(), Recorder()
    config = on_jax(epochs=40)
    other_process._PipeListener(text).on_config(config, [epoch_result(1), epoch_result(2)])
    other_process._forward(json.loads(text.getvalue()), recorder)
    other_process._forward(json.loads(text.getvalue()), object())  # type: ignore[arg-type]  # of an earlier version
    assert recorder.configs == [config] and recorder.epochs == [epoch_result(1), epoch_result(2)]


def test_a_user_error_is_raised_with_its_message() -> None:
    with pytest.raises(TrainingError, match="Training diverged at epoch 1"):
        train(SAMPLE, target="defaulted", config=on_jax(optimizer="sgd", learning_rate=1e9))


def test_missing_jax_raises_before_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match="pip install jax"):
        riskmodel.train(SAMPLE, target="defaulted", config=on_jax())


def test_a_crashed_process_raises_with_its_last_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(other_process.sys, "executable", "/bin/false")
    with pytest.raises(TrainingError, match=r"training process ended with exit code 1\. Its last output: none"):
        train(SAMPLE, target="defaulted", config=on_jax())
