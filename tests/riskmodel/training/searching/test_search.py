"""Searches on few customers: trials, comparison, end and resumption."""

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from riskmodel.config.run import RunConfig
from riskmodel.config.search import SearchConfig
from riskmodel.config.search_space import with_values
from riskmodel.errors import ConfigError
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.split import Split, make_split
from riskmodel.training.entry import train
from riskmodel.training.fitting.calibration import temperature_scaled_loss
from riskmodel.training.searching import search as module
from riskmodel.training.searching.search import NO_MEMORY, SearchResult, SilentSearchListener, run_search
from riskmodel.training.searching.trial import TrialResult, best_trial
from tests.riskmodel.workspace.examples import sample_dataset

pytestmark = pytest.mark.slow

BASE = RunConfig.from_dict({"network": {"units": [4]}, "training": {"epochs": 3, "batch_size": 64}})
FIELDS = ("network.dropout", "training.learning_rate", "network.units=8/8,4")


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return sample_dataset(600)


class Listener(SilentSearchListener):
    """Records all reports; requests a stop after ``stop_after`` reports on trials."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.stop_after = stop_after
        self.told: list[TrialResult] = []
        self.phases: list[str] = []

    def on_phase(self, text: str) -> None:
        self.phases.append(text)

    def on_trial(self, result: TrialResult) -> None:
        self.told.append(result)

    def should_stop(self) -> bool:
        return self.stop_after is not None and len(self.told) >= self.stop_after


def without_times(trials: tuple[TrialResult, ...]) -> list[TrialResult]:
    """Also without the errors of the losses, which a resumed search does not have."""
    return [replace(trial, seconds=0.0, loss_error=None) for trial in trials]


@pytest.fixture(scope="module")
def heard() -> Listener:
    return Listener()


@pytest.fixture(scope="module")
def whole(dataset: Dataset, heard: Listener) -> SearchResult:
    return run_search(dataset, BASE, SearchConfig(fields=FIELDS, trials=7), heard)


def test_the_first_trial_is_the_config_itself(whole: SearchResult) -> None:
    first = whole.trials[0]
    assert first.values == {"network.dropout": 0.5, "training.learning_rate": 0.001, "network.units": [4]}
    assert (first.number, first.state, first.num_epochs) == (1, "finished", 3)
    assert len({str(trial.values) for trial in whole.trials}) == 7
    best = best_trial(whole.trials)
    assert best is not None and best.loss is not None and first.loss is not None and best.loss <= first.loss


def test_the_error_of_a_loss_is_that_of_the_paired_difference_to_the_first_trial(whole: SearchResult) -> None:
    first, *others = whole.trials
    assert first.loss_error is None
    finished = [trial for trial in others if trial.state == "finished"]
    assert finished and all(trial.loss_error is not None and 0 < trial.loss_error < 0.1 for trial in finished)
    assert all(trial.loss_error is None for trial in others if trial.state != "finished")
    bad, log_odds = np.array([0, 1, 1], np.int8), np.array([-2.0, 0.5, -1.0], np.float32)
    for monitor in ("loss", "calibrated_loss"):
        base = with_values(BASE, {"training.monitor": monitor})
        losses = module.validation_losses(base, bad, log_odds)
        assert losses.mean() == pytest.approx(module.validation_loss(base, bad, log_odds), rel=1e-6)


def test_a_trial_is_the_run_of_its_config(dataset: Dataset, whole: SearchResult) -> None:
    best = best_trial(whole.trials)
    assert best is not None
    run = train(dataset, config=with_values(BASE, best.values), device="cpu")
    assert best.loss == pytest.approx(run.metrics["validation"].log_loss, abs=1e-6)
    assert best.auc == pytest.approx(run.metrics["validation"].auc, abs=1e-6)
    assert best.losses == pytest.approx([epoch.validation_loss for epoch in run.history], abs=1e-6)


def test_a_trial_of_monotone_columns_is_the_run_of_its_config(dataset: Dataset) -> None:
    base = RunConfig.from_dict(
        {"network": {"units": [4], "monotone": "data"}, "training": {"epochs": 3, "batch_size": 64}}
    )
    (trial,) = run_search(dataset, base, SearchConfig(fields=("network.dropout",), trials=1)).trials
    run = train(dataset, config=base)
    assert run.model.config.network.increasing or run.model.config.network.decreasing
    assert trial.loss == pytest.approx(run.metrics["validation"].log_loss, abs=1e-6)


def test_trials_are_reported_as_they_happen(whole: SearchResult, heard: Listener) -> None:
    of_first = [told for told in heard.told if told.number == 1]
    assert [told.state for told in of_first] == ["running"] * 4 + ["finished"]
    assert [len(told.losses) for told in of_first] == [0, 1, 2, 3, 3]
    # The last epoch is kept here, so the figures of a trial under way are those of its latest epoch.
    assert [each.loss for each in of_first] == pytest.approx([None, *of_first[-1].losses, of_first[-1].losses[-1]])
    assert [each.best_epoch for each in of_first] == [None, 1, 2, 3, 3]
    assert [told for told in heard.told if told.state != "running"] == list(whole.trials)
    # Nothing of the preprocessing is searched, so it is fitted once.
    assert heard.phases[:3] == ["Splitting", "Trial 1 of 7", "Fitting the preprocessing"]
    assert heard.phases[3:] == [f"Trial {number} of 7" for number in range(2, 8)]


def test_the_same_seed_gives_the_same_search(dataset: Dataset, whole: SearchResult) -> None:
    again = run_search(dataset, BASE, SearchConfig(fields=FIELDS, trials=4))
    assert without_times(again.trials) == without_times(whole.trials[:4])
    other = run_search(dataset, BASE, SearchConfig(fields=FIELDS, trials=2, seed=8))
    assert other.trials[1].values != whole.trials[1].values


def test_a_stopped_search_resumes_with_the_same_trials(dataset: Dataset, whole: SearchResult) -> None:
    # Five words on each of the first three trials, then two of the fourth.
    listener = Listener(stop_after=5 * 3 + 2)
    half = run_search(dataset, BASE, SearchConfig(fields=FIELDS, trials=7), listener)
    assert half.ended == "stopped"
    assert [trial.state for trial in half.trials] == ["finished"] * 3 + ["stopped"]
    rest = Listener()
    resumed = run_search(dataset, BASE, SearchConfig(fields=FIELDS, trials=7), rest, earlier=half.trials)
    assert without_times(resumed.trials) == without_times(whole.trials)
    assert {told.number for told in rest.told} == {4, 5, 6, 7}
    assert run_search(dataset, BASE, SearchConfig(fields=FIELDS, trials=7), earlier=resumed.trials) == resumed


def test_unpromising_trials_are_pruned(dataset: Dataset) -> None:
    base = with_values(BASE, {"training.epochs": 10, "training.learning_rate": 0.01})
    fields = ("training.learning_rate=0.000001..0.05",)
    found = run_search(dataset, base, SearchConfig(fields=fields, trials=8))
    pruned = [trial for trial in found.trials if trial.state == "pruned"]
    assert pruned
    assert all(3 <= len(trial.losses) < 10 for trial in pruned)  # none before a third of the epochs has passed
    patient = run_search(dataset, base, SearchConfig(fields=fields, trials=8, pruning=False))
    assert {trial.state for trial in patient.trials} == {"finished"}


def test_a_diverged_trial_keeps_its_message_and_the_search_continues(dataset: Dataset) -> None:
    base = with_values(BASE, {"training.optimizer": "sgd"})
    fields = ("training.learning_rate=100/0.01",)
    found = run_search(dataset, base, SearchConfig(fields=fields, trials=5))
    failed = [trial for trial in found.trials if trial.state == "failed"]
    assert len(found.trials) == 5 and failed
    for trial in failed:
        assert trial.values == {"training.learning_rate": 100}
        assert trial.error.startswith("Training diverged at epoch ")
        assert (trial.loss, trial.auc, trial.best_epoch) == (None, None, None)


def test_a_trial_out_of_memory_fails_and_the_search_continues(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = module.build_network

    def build_small(config: Any, *rest: Any) -> Any:
        if config.units == (8,):
            raise MemoryError
        return build(config, *rest)

    monkeypatch.setattr(module, "build_network", build_small)
    found = run_search(dataset, BASE, SearchConfig(fields=("network.units=8/4",), trials=5))
    assert {(tuple(trial.values["network.units"]), trial.state, trial.error) for trial in found.trials} == {
        ((4,), "finished", ""),
        ((8,), "failed", NO_MEMORY),
    }


def test_the_preprocessing_is_refitted_only_if_searched(dataset: Dataset) -> None:
    listener = Listener()
    fields = ("preprocessing.scaling=standard/quantile", "preprocessing.encoding=onehot/embedding")
    found = run_search(dataset, BASE, SearchConfig(fields=fields, trials=6, pruning=False), listener)
    chosen = [str(trial.values) for trial in found.trials]
    changes = 1 + sum(before != after for before, after in itertools.pairwise(chosen))
    assert listener.phases.count("Fitting the preprocessing") == changes > 1
    assert {trial.state for trial in found.trials} == {"finished"}


def test_the_time_limit_ends_the_search_but_never_the_first_trial(dataset: Dataset) -> None:
    ended = run_search(dataset, BASE, SearchConfig(fields=FIELDS, trials=None, minutes=1e-4))
    assert ended.ended == "minutes"
    assert [trial.state for trial in ended.trials] == ["finished"]
    # The minutes that were had count, so nothing is left of them.
    again = run_search(dataset, BASE, SearchConfig(fields=FIELDS, trials=None, minutes=1e-4), earlier=ended.trials)
    assert again == ended


def test_the_test_set_is_never_used(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    parts: list[str] = []

    class Watched(Split):
        def rows(self, part: Any) -> Any:
            parts.append(part)
            return super().rows(part)

    split = make_split(dataset, BASE.split, BASE.seed)
    monkeypatch.setattr(module, "make_split", lambda *_: Watched(split.part, split.notes))
    run_search(dataset, BASE, SearchConfig(fields=FIELDS, trials=2))
    assert sorted(parts) == ["train", "validation"]


def test_trials_are_compared_without_penalties_and_calibrated_like_the_run() -> None:
    random = np.random.default_rng(0)
    bad = (random.random(400) < 0.3).astype(np.int8)
    log_odds = (4 * (bad - 0.3) + 3 * random.standard_normal(400)).astype(np.float32)
    plain = float(np.mean(np.logaddexp(0, log_odds.astype(float)) - bad * log_odds))
    for monitor, expected in (("loss", plain), ("calibrated_loss", temperature_scaled_loss(log_odds, bad))):
        base = with_values(BASE, {"training.monitor": monitor, "network.l2": 1.0})
        assert module.validation_loss(base, bad, log_odds) == pytest.approx(expected, rel=1e-6)


def test_an_ensemble_is_searched_by_its_first_network(dataset: Dataset, whole: SearchResult) -> None:
    ensemble = RunConfig.from_dict(
        {**BASE.model_dump(mode="json"), "ensemble": {"folds": 3, "partners": [{"network": {"architecture": "tabm"}}]}}
    )
    found = run_search(dataset, ensemble, SearchConfig(fields=FIELDS, trials=2))
    assert without_times(found.trials) == without_times(whole.trials[:2])


def test_an_unknown_field_raises_before_training(dataset: Dataset) -> None:
    with pytest.raises(ConfigError, match=r"There is no field 'network\.drop' to search"):
        run_search(dataset, BASE, SearchConfig(fields=("network.drop",)))
