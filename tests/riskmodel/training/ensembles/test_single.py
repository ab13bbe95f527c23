"""A run of one network that is still improving at the end of its epochs is trained again with a larger one."""

import numpy as np
import pytest

from riskmodel.config.run import RunConfig
from riskmodel.inputs.shape import InputShape
from riskmodel.tables.split import PARTS, Split
from riskmodel.training.ensembles import single
from riskmodel.training.ensembles.networks import train_networks
from riskmodel.training.ensembles.trained_networks import TrainedNetworks
from riskmodel.training.fitting.checkpoint import Checkpoint, Checkpoints
from riskmodel.training.fitting.fit import NetworkFit
from riskmodel.training.progress import FitHistory
from riskmodel.training.training_data import TrainingData
from tests.riskmodel.training.customers import Recorder, make_customers

pytestmark = pytest.mark.slow

ROWS = 600
INPUTS, BAD = make_customers(ROWS)
SPLIT = Split(np.where(np.arange(ROWS) % 3 == 0, PARTS["validation"], PARTS["train"]).astype(np.int8))
DATA = TrainingData(INPUTS, BAD, SPLIT, InputShape(4, (3,)))


def config_of(enlarge: bool = True) -> RunConfig:
    """Five epochs, too few at this learning rate."""
    training = {"epochs": 5, "learning_rate": 0.001, "enlarge": enlarge, "early_stopping": True}
    network = {"architecture": "mlp", "units": [8], "dropout": 0.0}
    return RunConfig.from_dict({"network": network, "training": training})


def train(config: RunConfig, recorder: Recorder, checkpoints: Checkpoints | None = None) -> TrainedNetworks:
    return train_networks(DATA, config, recorder, "cpu", checkpoints or Checkpoints())


def test_a_larger_network_that_is_better_becomes_that_of_the_run() -> None:
    recorder, kept = Recorder(), list[Checkpoint]()
    trained = train(config_of(), recorder, Checkpoints(keep=kept.append))
    # Twice enlarged: still improving after ten epochs, too.
    assert [config.network.model_dump()["units"] for config in recorder.configs] == [(16,), (32,)]
    assert trained.config == recorder.configs[-1] and trained.config.training.epochs == 20
    assert not trained.config.training.enlarge  # trained again, the configuration gives the same network
    assert [epoch.num_epochs for epoch in recorder.epochs] == [20] * len(recorder.epochs)
    assert list(trained.fit_history.epochs) == recorder.epochs
    # Each before the next is trained, and after it was better; the trained configuration is not enlarged again.
    configs = [checkpoint.config for checkpoint in kept]
    assert configs == [config_of(enlarge=False), *recorder.configs[:1] * 2, recorder.configs[1]]
    assert [len(checkpoint.history) for checkpoint in kept] == [5, 10, 10, 20]
    assert list(dict.fromkeys(progress.phase for progress in recorder.slices)) == [
        "Training",
        "Training a larger network",
    ]
    first, second, *further = trained.notes
    assert further in (
        [],
        ["Still improving at the end of 20 epochs, and not enlarged any more: more epochs may be better."],
    )
    assert first.startswith(
        "Still improving at the end of 5 epochs, so a larger network was trained, too (layers 16, 10 epochs). The "
        "larger network was kept: validation loss "
    )
    assert second.startswith("Still improving at the end of 10 epochs")
    assert trained.networks[0].model.count_params() == trained_directly(trained.config).networks[0].model.count_params()


def trained_directly(config: RunConfig) -> TrainedNetworks:
    training = config.training.model_copy(update={"enlarge": False})
    return train(config.model_copy(update={"training": training}), Recorder())


def test_the_larger_network_is_trained_as_if_it_had_been_requested() -> None:
    trained = train(config_of(), Recorder())
    assert np.array_equal(trained.validation_log_odds, trained_directly(trained.config).validation_log_odds)


def test_a_larger_network_that_is_not_clearly_better_is_discarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("riskmodel.training.ensembles.enlargement._MIN_T", 1e6)
    recorder = Recorder()
    config = config_of()
    trained = train(config, recorder)
    alone = train(config_of(enlarge=False), Recorder())
    assert trained.config == config and recorder.configs[-1] == config and len(recorder.configs) == 2
    assert recorder.epochs == list(trained.fit_history.epochs) and len(recorder.epochs) == 5
    assert np.array_equal(trained.validation_log_odds, alone.validation_log_odds)
    assert "The smaller network was kept" in trained.notes[0] and len(trained.notes) == 1
    assert trained.checkpoint is not None and len(trained.checkpoint.history) == 5


def test_without_the_setting_nothing_is_enlarged() -> None:
    recorder = Recorder()
    trained = train(config_of(enlarge=False), recorder)
    assert recorder.configs == [] and trained.notes == () and trained.config == config_of(enlarge=False)


def test_an_interrupted_training_is_enlarged_as_if_it_had_not_been() -> None:
    checkpoints = []
    train(config_of(), Recorder(stop_after=2), Checkpoints(on_epoch_end=lambda _, make: checkpoints.append(make())))
    trained = train(config_of(), Recorder(), Checkpoints(resumed=checkpoints[0]))
    expected = train(config_of(), Recorder())
    assert trained.config == expected.config and trained.notes == expected.notes
    assert np.array_equal(trained.validation_log_odds, expected.validation_log_odds)


def test_a_training_continued_for_more_epochs_is_not_enlarged() -> None:
    first = train(config_of(enlarge=False), Recorder())
    longer = config_of()
    longer = longer.model_copy(update={"training": longer.training.model_copy(update={"epochs": 7})})
    recorder = Recorder()
    trained = train(longer, recorder, Checkpoints(resumed=first.checkpoint))
    assert recorder.configs == [] and len(trained.fit_history.epochs) == 7


def test_a_stopped_training_is_not_enlarged() -> None:
    recorder = Recorder(stop_after=5)
    trained = train(config_of(), recorder)
    assert trained.fit_history.stopped and recorder.configs == []


def test_a_stop_of_the_larger_network_keeps_the_better_one() -> None:
    class StopsLater(Recorder):
        def should_stop(self) -> bool:
            return bool(self.configs) and len(self.epochs) >= 1

    recorder = StopsLater()
    trained = train(config_of(), recorder)
    assert trained.fit_history.stopped and trained.config == config_of()
    assert len(trained.fit_history.epochs) == 5 and recorder.epochs == list(trained.fit_history.epochs)


def test_a_larger_network_that_takes_too_long_is_only_mentioned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(single, "MAX_WORK", 1.0)
    recorder = Recorder()
    trained = train(config_of(), recorder)
    assert recorder.configs == [] and trained.config == config_of()
    assert trained.notes == (
        "Still improving at the end of 5 epochs. A larger network (layers 16, 10 epochs) may be better. It was not "
        "trained, because it takes about 4 times as long; set these values to train it.",
    )
    assert trained.notes[0] in recorder.log


def test_a_larger_network_that_diverges_leaves_the_smaller_one(monkeypatch: pytest.MonkeyPatch) -> None:
    enlarged = config_of().learners[0].enlarged()
    assert enlarged is not None
    diverging = enlarged.model_copy(
        update={"training": enlarged.training.model_copy(update={"learning_rate": 1e9, "optimizer": "sgd"})}
    )
    monkeypatch.setattr("riskmodel.config.ensemble.Learner.enlarged", lambda self: diverging)
    recorder = Recorder()
    trained = train(config_of(), recorder)
    assert trained.config == config_of() and len(recorder.epochs) == 5
    assert trained.notes == (
        "Still improving at the end of 5 epochs. A larger network (layers 16, 10 epochs) could not be trained (its "
        "training diverged), so the smaller one was kept.",
    )
    assert trained.notes[0] in recorder.log


class BackendError(Exception):
    pass


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (BackendError("OOM when allocating tensor"), "there was not enough memory"),
        (MemoryError(), "there was not enough memory"),
        (BackendError("Blas failed.\nmore"), "internal error: BackendError: Blas failed"),
    ],
)
def test_a_larger_network_that_fails_leaves_the_smaller_one(
    error: Exception, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = NetworkFit.run

    def fail_if_larger(fit: NetworkFit) -> FitHistory:
        if fit.config.epochs > 5:
            raise error
        return run(fit)

    monkeypatch.setattr(NetworkFit, "run", fail_if_larger)
    monkeypatch.setattr(single, "BACKEND_ERRORS", (BackendError,))
    recorder = Recorder()
    trained = train(config_of(), recorder)
    assert trained.config == config_of() == recorder.configs[-1] and len(recorder.epochs) == 5
    assert trained.notes == (
        f"Still improving at the end of 5 epochs. A larger network (layers 16, 10 epochs) could not be trained "
        f"({reason}), so the smaller one was kept.",
    )


def test_the_kept_checkpoint_gives_the_smaller_network_without_further_epochs() -> None:
    kept: list[Checkpoint] = []
    train(config_of(), Recorder(), Checkpoints(keep=kept.append))
    config = kept[0].config
    assert config is not None
    trained = train(config, Recorder(), Checkpoints(resumed=kept[0]))
    expected = train(config_of(enlarge=False), Recorder())
    assert np.array_equal(trained.validation_log_odds, expected.validation_log_odds)
    assert trained.notes == () and len(trained.fit_history.epochs) == 5
