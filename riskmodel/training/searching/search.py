"""Hyperparameter search: trials of a config with other values, each trained like a run and evaluated on validation."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import optuna

from riskmodel.config.run import RunConfig
from riskmodel.config.search import SearchConfig
from riskmodel.config.search_space import Dimension, has_effect, search_space, value_at, with_values
from riskmodel.errors import ConfigError, DataError, TrainingError, is_out_of_memory
from riskmodel.evaluation.metrics import auc
from riskmodel.networks.backend import keras
from riskmodel.networks.build import build_network
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.split import make_split
from riskmodel.training.directions import resolve_directions
from riskmodel.training.engines.engine import ClassWeights
from riskmodel.training.engines.executor import BACKEND_ERRORS, device_scope
from riskmodel.training.fitting.calibration import temperature_scaled_loss, temperature_scaled_losses
from riskmodel.training.fitting.epoch_metrics import sum_losses
from riskmodel.training.fitting.fit import FitSpec, NetworkFit
from riskmodel.training.progress import EpochResult, SilentListener, SliceProgress
from riskmodel.training.searching.study import draw_values, make_study
from riskmodel.training.searching.trial import LASTING, SearchListener, TrialResult, TrialState
from riskmodel.training.searching.trial_inputs import TrialInputs

Ending = Literal["trials", "minutes", "stopped"]

NO_MEMORY = (
    "Not enough memory to train this network. Narrow the search to smaller networks or batches, or train on the CPU."
)


@dataclass(frozen=True)
class SearchResult:
    """Result of a search.

    Attributes:
        trials: In order; the last one may be partial.
        ended: Why it ended: number of trials, time limit, or a stop by the listener.
    """

    trials: tuple[TrialResult, ...]
    ended: Ending


class SilentSearchListener(SilentListener):
    """A listener that ignores everything and never stops a search."""

    def on_trial(self, result: TrialResult) -> None:
        """Ignored."""


def run_search(
    dataset: Dataset,
    config: RunConfig,
    search: SearchConfig,
    listener: SearchListener | None = None,
    device: str = "cpu",
    earlier: Sequence[TrialResult] = (),
) -> SearchResult:
    """Try other values of ``config`` on the training part and compare their log-loss on the validation part.

    The customers are split once, and preprocessed once unless the search changes that; the test set is not used.
    The first trial is ``config`` itself, so the best is never worse. Each trial is trained as a run of its config
    would be, except that of an ensemble only the first network is trained, on the training set. Probabilities
    are temperature-scaled before evaluation if ``config`` selects its best epoch that way.

    Args:
        listener: Receives every trial and may end the search.
        device: ``"cpu"`` or ``"gpu"``, and must be available.
        earlier: Trials of an interrupted search; those that ended are not trained again, and their number and
            seconds count.

    Raises:
        ConfigError: A field cannot be searched, or its range is empty.
        DataError: The customers cannot be split.
        TrainingError: A part has no good or no bad customers.

    Example:
        >>> search = SearchConfig(fields=("network.dropout", "training.learning_rate"), trials=10)
        >>> result = run_search(dataset, preset("fast"), search)  # doctest: +SKIP
        >>> best_trial(result.trials).values  # doctest: +SKIP
    """
    space = search_space(config, search)
    listener = listener or SilentSearchListener()
    listener.on_phase("Splitting")
    inputs = TrialInputs(dataset, make_split(dataset, config.split, config.seed), listener, device)
    config = resolve_directions(config, dataset, inputs.train_rows)
    done = [trial for trial in earlier if trial.state in LASTING]
    gc.freeze()  # garbage collection after each trial then skips existing objects, which saves half a second
    try:
        return _Search(inputs, config, search, space, listener, done).run()
    finally:
        gc.unfreeze()


class _Search:
    """Runs the trials in sequence."""

    def __init__(
        self,
        inputs: TrialInputs,
        base: RunConfig,
        search: SearchConfig,
        space: Sequence[Dimension],
        listener: SearchListener,
        trials: list[TrialResult],
    ) -> None:
        self.inputs, self.base, self.search, self.space = inputs, base, search, space
        self.listener, self.trials = listener, trials
        self.started = time.perf_counter()
        self.seconds_before = sum(trial.seconds for trial in trials)
        self.first_losses: npt.NDArray[np.float64] | None = None
        """Loss of each validation customer in trial 1; None until it has finished, and after a resumption."""

    def run(self) -> SearchResult:
        """Run trials until an end condition holds."""
        while (ended := self._ended()) is None:
            trial = self._run_trial(len(self.trials) + 1)
            self.trials.append(trial)
            self.listener.on_trial(trial)
            if trial.state == "stopped":
                ended = "stopped" if self.listener.should_stop() else "minutes"
                break
        return SearchResult(tuple(self.trials), ended)

    def is_over_time(self) -> bool:
        """Whether the time limit has passed; it never ends the first trial, which is the reference."""
        if self.search.minutes is None or not self.trials:
            return False
        return self.seconds_before + time.perf_counter() - self.started >= 60 * self.search.minutes

    def _ended(self) -> Ending | None:
        if self.listener.should_stop():
            return "stopped"
        if self.search.trials is not None and len(self.trials) >= self.search.trials:
            return "trials"
        return "minutes" if self.is_over_time() else None

    def _run_trial(self, number: int) -> TrialResult:
        started = time.perf_counter()
        least_epochs = max(self.base.training.epochs // 3, 1)  # trials that improve late get time
        optuna_trial = make_study(self.space, self.trials, self.search.seed, least_epochs).ask()
        values = self._base_values() if number == 1 else draw_values(optuna_trial, self.space, self.base)
        listener = _TrialListener(self, optuna_trial, number, values, started)
        try:
            config = with_values(self.base, values)
            listener.begin(config)
            return self._train(config, listener)
        except (TrainingError, ConfigError, DataError) as error:
            return listener.result("failed", error=str(error))
        except (MemoryError, *BACKEND_ERRORS) as error:
            if not is_out_of_memory(error):
                raise
            return listener.result("failed", error=NO_MEMORY)
        finally:
            keras.utils.clear_session()  # frees its graphs
            gc.collect()

    def _base_values(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for dimension in self.space:
            if has_effect(dimension, self.base, values):
                value = value_at(self.base, dimension.path)
                values[dimension.path] = list(value) if isinstance(value, tuple) else value
        return values

    def _train(self, config: RunConfig, listener: _TrialListener) -> TrialResult:
        part = self.inputs.prepare(config)
        with device_scope(part.train.device):
            model = build_network(config.network, part.shape, config.seed, part.inputs)
        fit = NetworkFit(FitSpec(model, part.train, part.validation, config.training, config.seed), listener)
        listener.log_odds = lambda: fit.last_log_odds
        stopped = fit.run().stopped
        state: TrialState = "pruned" if listener.is_pruned else "stopped" if stopped else "finished"
        return listener.result(state, fit.kept_log_odds, fit.kept_epoch)


class _TrialListener:
    """The `TrainingListener` of one trial: reports to the search's listener, asks Optuna, prunes the trial."""

    def __init__(
        self, search: _Search, optuna_trial: optuna.Trial, number: int, values: Mapping[str, Any], started: float
    ) -> None:
        self.search, self.optuna_trial, self.started = search, optuna_trial, started
        self.current = TrialResult(number, "running", values, (), None, None, None, 0, 0.0)
        self.is_pruned = False
        self.keeps_best = True
        self.log_odds: Callable[[], npt.NDArray[np.float32]] = lambda: np.empty(0, np.float32)

    def begin(self, config: RunConfig) -> None:
        """Report the start of the trial."""
        self.keeps_best = config.training.keeps_best
        self.current = replace(self.current, num_epochs=config.training.epochs)
        self.search.listener.on_phase(self._title())
        self.search.listener.on_trial(self.current)

    def result(
        self,
        state: TrialState,
        log_odds: npt.NDArray[np.float32] | None = None,
        best_epoch: int | None = None,
        error: str = "",
    ) -> TrialResult:
        """The ended trial, evaluated on the log-odds of its kept weights."""
        seconds = time.perf_counter() - self.started
        ended = replace(self.current, state=state, seconds=seconds, error=error)
        if log_odds is None:
            return replace(ended, loss=None, auc=None, best_epoch=None)
        if state == "finished":
            ended = replace(ended, loss_error=self._loss_error(log_odds))
        return replace(ended, loss=self._loss(log_odds), auc=auc(self._bad(), log_odds), best_epoch=best_epoch)

    def _loss_error(self, log_odds: npt.NDArray[np.float32]) -> float | None:
        """As in `TrialResult`; the losses of trial 1 are kept for the others."""
        losses = validation_losses(self.search.base, self._bad(), log_odds)
        if self.current.number == 1:
            self.search.first_losses = losses
        elif self.search.first_losses is not None and len(losses) > 1:
            return float(np.std(losses - self.search.first_losses, ddof=1) / np.sqrt(len(losses)))
        return None

    def on_phase(self, text: str) -> None:
        """Ignored: the search reports its own phases."""

    def on_log(self, text: str) -> None:
        """Ignored: the log of a search covers trials, not their details."""

    def on_slice(self, progress: SliceProgress) -> None:
        """Report with the trial's number."""
        self.search.listener.on_slice(replace(progress, phase=self._title()))

    def on_epoch(self, result: EpochResult) -> None:
        """Evaluate and report the epoch, and decide about pruning."""
        loss = self._loss(self.log_odds())
        seconds = time.perf_counter() - self.started
        self.current = replace(self.current, losses=(*self.current.losses, loss), seconds=seconds)
        if result.is_best or not self.keeps_best:
            self.current = replace(self.current, loss=loss, auc=result.validation_auc, best_epoch=result.epoch)
        self.optuna_trial.report(loss, step=result.epoch)
        is_last = result.epoch == result.num_epochs
        self.is_pruned = self.search.search.pruning and not is_last and self.optuna_trial.should_prune()
        self.search.listener.on_trial(self.current)

    def should_stop(self) -> bool:
        """True if pruned, stopped, or over time."""
        return self.is_pruned or self.search.listener.should_stop() or self.search.is_over_time()

    def _title(self) -> str:
        max_trials = self.search.search.trials
        return f"Trial {self.current.number}" + (f" of {max_trials}" if max_trials else "")

    def _bad(self) -> npt.NDArray[np.int8]:
        return self.search.inputs.validation_bad

    def _loss(self, log_odds: npt.NDArray[np.float32]) -> float:
        return validation_loss(self.search.base, self._bad(), log_odds)


def validation_loss(base: RunConfig, bad: npt.NDArray[np.int8], log_odds: npt.NDArray[np.float32]) -> float:
    """The objective of a search over ``base``: mean log-loss, without penalties.

    After temperature scaling if ``base`` selects its best epoch that way, like the final probabilities of the run.

    Args:
        bad: int8 (m,), 1 bad and 0 good.
        log_odds: float32 (m,).
    """
    if base.training.monitor == "calibrated_loss":
        return temperature_scaled_loss(log_odds, bad)
    return sum_losses(bad, log_odds, ClassWeights()) / len(log_odds)


def validation_losses(
    base: RunConfig, bad: npt.NDArray[np.int8], log_odds: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    """The loss of each customer, float64 (m,), whose mean is `validation_loss`; arguments as there."""
    if base.training.monitor == "calibrated_loss":
        return temperature_scaled_losses(log_odds, bad)
    z = log_odds.astype(np.float64)
    return np.asarray(np.logaddexp(0.0, z) - bad * z, np.float64)
