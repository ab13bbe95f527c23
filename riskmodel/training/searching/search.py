"""Trials of a run's config with other values: each is trained like the run itself, and judged on validation."""

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
from riskmodel.errors import ConfigError, DataError, TrainingError
from riskmodel.evaluation.metrics import auc
from riskmodel.networks.backend import keras
from riskmodel.networks.build import build_network
from riskmodel.tables.dataset import Dataset
from riskmodel.tables.split import make_split
from riskmodel.training.directions import resolve_directions
from riskmodel.training.engines.engine import ClassWeights
from riskmodel.training.engines.executor import BACKEND_ERRORS, device_scope, is_out_of_memory
from riskmodel.training.fitting.calibration import temperature_scaled_loss
from riskmodel.training.fitting.figures import sum_losses
from riskmodel.training.fitting.fit import NetworkFit
from riskmodel.training.progress import EpochResult, SilentListener, SliceProgress
from riskmodel.training.searching.study import draw_values, make_study
from riskmodel.training.searching.trial import LASTING, SearchListener, TrialResult, TrialState
from riskmodel.training.searching.trial_inputs import TrialInputs

Ending = Literal["trials", "minutes", "stopped"]

NO_MEMORY = (
    "There was not enough memory to train this network. Narrow the search to smaller networks or batches, or train on "
    "the CPU."
)


@dataclass(frozen=True)
class SearchResult:
    """How a search went.

    Attributes:
        trials: In their order; the last one may be cut short.
        ended: Which end it came to: its number of trials, its minutes, or the listener's wish.
    """

    trials: tuple[TrialResult, ...]
    ended: Ending


class SilentSearchListener(SilentListener):
    """A listener that neither tells anything nor stops a search."""

    def on_trial(self, result: TrialResult) -> None:
        """Nothing is told."""


def run_search(
    dataset: Dataset,
    config: RunConfig,
    search: SearchConfig,
    listener: SearchListener | None = None,
    device: str = "cpu",
    earlier: Sequence[TrialResult] = (),
) -> SearchResult:
    """Try other values of ``config`` on the training part and compare their log-loss on the validation part.

    The customers are split once, and preprocessed once unless the search changes that; nobody looks at the test part.
    The first trial is ``config`` itself, so the best is never worse than it. Each is trained as a run of that config
    would be, but for an ensemble, of which the first network alone is trained, on the training part. Probabilities
    are brought in line by one temperature before they are judged where ``config`` chooses its best epoch so.

    Args:
        listener: Hears of every trial and may end the search.
        device: ``"cpu"`` or ``"gpu"``, and must be there.
        earlier: Trials that were had already; those that ended for good are not trained again, and their number and
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
    gc.freeze()  # collecting what each trial leaves then skips all that was there before, which takes half a second
    try:
        return _Search(inputs, config, search, space, listener, device, done).run()
    finally:
        gc.unfreeze()


class _Search:
    """The trials, one after another."""

    def __init__(
        self,
        inputs: TrialInputs,
        base: RunConfig,
        search: SearchConfig,
        space: Sequence[Dimension],
        listener: SearchListener,
        device: str,
        trials: list[TrialResult],
    ) -> None:
        self.inputs, self.base, self.search, self.space = inputs, base, search, space
        self.listener, self.device, self.trials = listener, device, trials
        self.started = time.perf_counter()
        self.seconds_before = sum(trial.seconds for trial in trials)

    def run(self) -> SearchResult:
        """Trial after trial until one of the ends is reached."""
        while (ended := self._ended()) is None:
            trial = self._run_trial(len(self.trials) + 1)
            self.trials.append(trial)
            self.listener.on_trial(trial)
            if trial.state == "stopped":
                ended = "stopped" if self.listener.should_stop() else "minutes"
                break
        return SearchResult(tuple(self.trials), ended)

    def is_over_time(self) -> bool:
        """Whether the minutes are over; the first trial is never cut short by them, since it is the measure."""
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
        least_epochs = max(self.base.training.epochs // 3, 1)  # slow starters get time to catch up
        asked = make_study(self.space, self.trials, self.search.seed, least_epochs).ask()
        values = self._base_values() if number == 1 else draw_values(asked, self.space, self.base)
        watch = _Watch(self, asked, number, values, started)
        try:
            config = with_values(self.base, values)
            watch.begin(config)
            return self._train(config, watch)
        except (TrainingError, ConfigError, DataError) as error:
            return watch.result("failed", error=str(error))
        except (MemoryError, *BACKEND_ERRORS) as error:
            if not is_out_of_memory(error):
                raise
            return watch.result("failed", error=NO_MEMORY)
        finally:
            keras.utils.clear_session()  # its graphs would stay for as long as the process lives
            gc.collect()

    def _base_values(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for dimension in self.space:
            if has_effect(dimension, self.base, values):
                value = value_at(self.base, dimension.path)
                values[dimension.path] = list(value) if isinstance(value, tuple) else value
        return values

    def _train(self, config: RunConfig, watch: _Watch) -> TrialResult:
        part = self.inputs.prepare(config)
        with device_scope(self.device):
            model = build_network(config.network, part.shape, config.seed, part.inputs)
        fit = NetworkFit(model, part.train, part.validation, config.training, config.seed, watch, self.device)
        watch.log_odds = lambda: fit.last_log_odds
        fitted = fit.run()
        state: TrialState = "pruned" if watch.is_hopeless else "stopped" if fitted.stopped else "finished"
        keeps_best = config.training.keeps_best or fitted.stopped
        return watch.result(state, fitted.validation_log_odds, fitted.best_epoch if keeps_best else len(fitted.history))


class _Watch:
    """The `TrainingListener` of one trial: tells the search's listener, asks Optuna, ends what is hopeless."""

    def __init__(
        self, search: _Search, asked: optuna.Trial, number: int, values: Mapping[str, Any], started: float
    ) -> None:
        self.search, self.asked, self.started = search, asked, started
        self.so_far = TrialResult(number, "running", values, (), None, None, None, 0, 0.0)
        self.is_hopeless = False
        self.keeps_best = True
        self.log_odds: Callable[[], npt.NDArray[np.float32]] = lambda: np.empty(0, np.float32)

    def begin(self, config: RunConfig) -> None:
        """Tell that the trial has begun."""
        self.keeps_best = config.training.keeps_best
        self.so_far = replace(self.so_far, num_epochs=config.training.epochs)
        self.search.listener.on_phase(self._title())
        self.search.listener.on_trial(self.so_far)

    def result(
        self,
        state: TrialState,
        log_odds: npt.NDArray[np.float32] | None = None,
        best_epoch: int | None = None,
        error: str = "",
    ) -> TrialResult:
        """The trial as it ended, judged by the log-odds of the weights it keeps."""
        seconds = time.perf_counter() - self.started
        ended = replace(self.so_far, state=state, seconds=seconds, error=error)
        if log_odds is None:
            return replace(ended, loss=None, auc=None, best_epoch=None)
        return replace(ended, loss=self._loss(log_odds), auc=auc(self._bad(), log_odds), best_epoch=best_epoch)

    def on_phase(self, text: str) -> None:
        """The search's own phases are told already."""

    def on_log(self, text: str) -> None:
        """The log of a search is of its trials, not of what happens in each."""

    def on_slice(self, progress: SliceProgress) -> None:
        """Tell it with the trial's number."""
        self.search.listener.on_slice(replace(progress, phase=self._title()))

    def on_epoch(self, result: EpochResult) -> None:
        """Judge the epoch, tell it, and ask whether to go on."""
        loss = self._loss(self.log_odds())
        seconds = time.perf_counter() - self.started
        self.so_far = replace(self.so_far, losses=(*self.so_far.losses, loss), seconds=seconds)
        if result.is_best or not self.keeps_best:
            self.so_far = replace(self.so_far, loss=loss, auc=result.validation_auc, best_epoch=result.epoch)
        self.asked.report(loss, step=result.epoch)
        is_last = result.epoch == result.num_epochs
        self.is_hopeless = self.search.search.pruning and not is_last and self.asked.should_prune()
        self.search.listener.on_trial(self.so_far)

    def should_stop(self) -> bool:
        """Hopeless, asked to stop, or out of time."""
        return self.is_hopeless or self.search.listener.should_stop() or self.search.is_over_time()

    def _title(self) -> str:
        most = self.search.search.trials
        return f"Trial {self.so_far.number}" + (f" of {most}" if most else "")

    def _bad(self) -> npt.NDArray[np.int8]:
        return self.search.inputs.validation_bad

    def _loss(self, log_odds: npt.NDArray[np.float32]) -> float:
        return validation_loss(self.search.base, self._bad(), log_odds)


def validation_loss(base: RunConfig, bad: npt.NDArray[np.int8], log_odds: npt.NDArray[np.float32]) -> float:
    """What the trials of a search over ``base`` are compared by: mean log-loss, without penalties.

    After the best temperature where ``base`` chooses its best epoch so, as the run's probabilities then are in the end.

    Args:
        bad: int8 (m,), 1 bad and 0 good.
        log_odds: float32 (m,).
    """
    if base.training.monitor == "calibrated_loss":
        return temperature_scaled_loss(log_odds, bad)
    return sum_losses(bad, log_odds, ClassWeights()) / len(log_odds)
