"""Training of one network: epochs, metrics, best weights, stopping."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from riskmodel.config.sections.training import TrainingConfig
from riskmodel.errors import TrainingError
from riskmodel.networks.backend import BACKEND
from riskmodel.training.engines.engine import ClassWeights, Customers, EngineSpec, SliceOutput
from riskmodel.training.engines.executor import make_engine
from riskmodel.training.engines.schedules import Schedule
from riskmodel.training.fitting.best_epoch import BestEpoch, copy_weights
from riskmodel.training.fitting.calibration import temperature_scaled_loss
from riskmodel.training.fitting.checkpoint import Checkpoint, EpochEnd
from riskmodel.training.fitting.epoch_metrics import (
    EpochMetrics,
    average_log_odds,
    compute_epoch_metrics,
    count_probabilities,
    metrics_with_loss,
    sum_losses,
)
from riskmodel.training.fitting.pacing import Pacer
from riskmodel.training.fitting.training_log import TrainingLog
from riskmodel.training.progress import DIVERGED, TRAINING, EpochResult, FitHistory, FitListener, SliceProgress

_DIVERGED = 1e6
"""A mean loss of this multiple of the first slice's counts as divergence, even if finite."""
_LARGEST_START = 1e3
"""Upper limit for the first slice's loss (unscaled inputs may give more): it may have diverged already."""


@dataclass(frozen=True, eq=False)
class FitSpec:
    """A network, its customers, and how it is trained.

    Attributes:
        model: Untrained, from ``build_network``.
        train, validation: Customers on the model's device that `check_part` accepts.
        config: Optimizer, epochs and stopping.
        seed: Of the order of customers in each epoch (dropout has its seed in the model).
        expected_epoch: Best epoch of the same network on another fold, if known; see `BestEpoch`.
    """

    model: Any
    train: Customers
    validation: Customers
    config: TrainingConfig
    seed: int
    expected_epoch: int | None = None


class NetworkFit:
    """One training, epoch by epoch; the model is trained in place.

    The final weights of the model are the best epoch's if the listener stopped the run, or if ``early_stopping`` or
    ``restore_best`` is on; else the last epoch's. Stopped within the first epoch, they are the current ones,
    evaluated. Equal specs give the same weights, bit for bit, on a CPU.

    Args:
        spec: The network and its training.
        listener: Receives the progress and may stop the training.
        keeps_checkpoint: Whether to make a checkpoint at the end of the training.
        on_epoch_end: Called after each epoch, with a function that makes its checkpoint.
        phase: Shown with the progress.

    Attributes:
        history: One result per epoch so far.
        best: The best epoch and its weights.
        checkpoint: State at the end of training if ``keeps_checkpoint``; None before.
    """

    def __init__(
        self,
        spec: FitSpec,
        listener: FitListener,
        *,
        keeps_checkpoint: bool = False,
        on_epoch_end: EpochEnd | None = None,
        phase: str = TRAINING,
    ) -> None:
        config, train = spec.config, spec.train
        self.on_epoch_end, self.phase = on_epoch_end, phase
        self.model, self.config, self.listener = spec.model, config, listener
        self.keeps_checkpoint = keeps_checkpoint
        self.checkpoint: Checkpoint | None = None
        self.log = TrainingLog(listener, config)
        self.bad, self.validation_bad = train.bad, spec.validation.bad
        balanced = config.class_weights == "balanced"
        self.weights = ClassWeights.balanced(self.bad) if balanced else ClassWeights()
        steps_per_epoch = -(-train.num_rows // config.batch_rows(train.num_rows))
        self.schedule = Schedule(config, total_steps=config.epochs * steps_per_epoch)
        self.engine = make_engine(EngineSpec(spec.model, train, config, self.schedule, self.weights))
        self.validation = spec.validation
        self.random = np.random.default_rng(spec.seed)
        self.pacer = Pacer()
        self.best = BestEpoch(config, spec.expected_epoch)
        self.history: list[EpochResult] = []
        self.validation_seconds = 0.0
        self.first_loss: float | None = None
        self.stopped = False
        self.last_log_odds = self.best_log_odds = np.zeros(0, np.float32)

    def resume(self, checkpoint: Checkpoint, *, renews_patience: bool = True) -> None:
        """Resume from a checkpoint; call before the first epoch.

        Args:
            renews_patience: Whether exhausted patience is reset, since more epochs were requested.

        Raises:
            TrainingError: The checkpoint is of another network or backend.
        """
        checkpoint.check_fits(BACKEND, self.model.variables, self.engine.num_slots)
        self.best.load(checkpoint.best, checkpoint.best_weights, renews_patience=renews_patience)
        self.best.restore(self.model)
        self.best_log_odds = self.engine.predict_log_odds(self.validation)
        for variable, value in zip(self.model.variables, checkpoint.weights, strict=True):
            variable.assign(value)
        self.engine.load_slots(checkpoint.slots)
        self.schedule.load(checkpoint.schedule)
        self.random.bit_generator.state = dict(checkpoint.random)
        self.history = list(checkpoint.history)
        self.first_loss = checkpoint.first_loss
        self.last_log_odds = self.engine.predict_log_odds(self.validation)
        self.log.resumed(checkpoint.history)

    @property
    def kept_log_odds(self) -> npt.NDArray[np.float32]:
        """Validation log-odds (n,) of the weights that would be kept if training ended now."""
        return self.best_log_odds if self.kept_epoch == self.best.epoch else self.last_log_odds

    @property
    def kept_epoch(self) -> int:
        """The epoch of these weights, 1-based; 0 before the first."""
        keeps_best = self._restores_best(self.stopped) or len(self.history) < self.config.epochs
        return self.best.epoch if keeps_best else len(self.history)

    @property
    def is_done(self) -> bool:
        """Whether all epochs are trained, or patience has run out."""
        return len(self.history) >= self.config.epochs or self.best.is_out_of_patience

    def run(self) -> FitHistory:
        """Train to the end, or until the listener asks to stop.

        Raises:
            TrainingError: The loss diverges.
        """
        started = time.perf_counter()
        stopped = False
        while not self.is_done and not stopped:
            stopped = self.run_epoch()
        early_stopped = self.best.is_out_of_patience and not stopped
        if self.keeps_checkpoint:
            self.checkpoint = self.make_checkpoint()
        self.load_kept_weights(stopped)
        self.log.end(len(self.history), self.kept_epoch, stopped=stopped, early_stopped=early_stopped)
        seconds = time.perf_counter() - started
        return FitHistory(tuple(self.history), self.best.epoch, stopped, early_stopped, seconds)

    def load_kept_weights(self, stopped: bool) -> None:
        """Load the kept weights into the model: the best epoch's, or the last one's if configured."""
        self.stopped = stopped
        if self._restores_best(stopped):
            self.best.restore(self.model)

    def _restores_best(self, stopped: bool) -> bool:
        return stopped or self.config.keeps_best

    def run_epoch(self) -> bool:
        """Train one epoch and report it. Returns whether the listener asked to stop."""
        epoch = len(self.history) + 1
        started = time.perf_counter()
        order = self.random.permutation(self.engine.num_rows).astype(np.int32)
        placed = self.engine.place_order(order)
        # Averaged: those of all members for a million customers would be a large array.
        averages: list[npt.NDArray[np.float32]] = []
        loss_sum = 0.0
        step, stopped = 0, False
        while step < self.engine.num_steps and not stopped:
            stop = self._slice_end(step)
            output = self._run_slice(placed, epoch, step, stop)
            rows_before = step * self.engine.batch_size
            slice_bad = self.bad[order[rows_before : rows_before + len(output.log_odds)]]
            slice_loss = sum_losses(slice_bad, output.log_odds, self.weights) + output.penalty
            self._check_loss(slice_loss / len(slice_bad), epoch, self.schedule.rate_at(self._run_step(epoch, step)))
            averages.append(average_log_odds(output.log_odds))
            loss_sum += slice_loss
            step = stop
            self._report_slice(epoch, rows_before + len(slice_bad), loss_sum)
            stopped = self.listener.should_stop()
        if step < self.engine.num_steps and self.history:
            return True  # the finished epochs hold the best weights; this one is not reported
        trained = np.concatenate(averages)
        metrics = metrics_with_loss(self.bad[order[: len(trained)]], trained, loss_sum / len(trained))
        self._end_epoch(epoch, step, metrics, started, len(trained))
        return stopped or self.listener.should_stop()

    def _slice_end(self, step: int) -> int:
        """End of the next slice. The last, smaller batch is its own slice: its trace would distort the timing."""
        if step == self.engine.num_full_steps:
            return self.engine.num_steps
        return min(step + self.pacer.next_steps(), self.engine.num_full_steps)

    def _run_slice(self, order: Any, epoch: int, step: int, stop: int) -> SliceOutput:
        started = time.perf_counter()
        output = self.engine.run_slice(order, step, stop, (epoch - 1) * self.engine.num_steps)
        seconds = time.perf_counter() - started
        if stop <= self.engine.num_full_steps:
            self.pacer.update(stop - step, seconds)
        self.log.end_slice(stop - step, seconds)
        return output

    def _end_epoch(self, epoch: int, num_steps: int, train: EpochMetrics, started: float, num_rows: int) -> None:
        trained = time.perf_counter()
        log_odds = self.engine.predict_log_odds(self.validation)
        rate = self.schedule.rate_at(self._run_step(epoch, num_steps - 1))
        self._check_loss(sum_losses(self.validation_bad, log_odds, ClassWeights()) / len(log_odds), epoch, rate)
        validation = compute_epoch_metrics(self.validation_bad, log_odds)
        validation_loss = validation.loss + self.engine.penalty()
        is_best = self.best.update(epoch, self._monitored(validation_loss, validation.auc, log_odds), self.model)
        self.last_log_odds = log_odds
        if is_best:
            self.best_log_odds = log_odds
        ended = time.perf_counter()
        self.validation_seconds = ended - trained
        result = EpochResult(
            epoch=epoch,
            num_epochs=self.config.epochs,
            train_loss=train.loss,
            validation_loss=validation_loss,
            train_auc=train.auc,
            validation_auc=validation.auc,
            train_accuracy=train.accuracy,
            validation_accuracy=validation.accuracy,
            learning_rate=rate,
            seconds=ended - started,
            rows_per_second=num_rows / max(trained - started, 1e-9),
            good_counts=count_probabilities(log_odds[self.validation_bad == 0]),
            bad_counts=count_probabilities(log_odds[self.validation_bad == 1]),
            is_best=is_best,
            train_ks=train.ks,
            validation_ks=validation.ks,
            gradient_norm=self.engine.gradient_norm(num_steps),
        )
        self.schedule.end_epoch(validation_loss)
        self.history.append(result)
        self.log.end_epoch(result, self.schedule.base_rate)
        self.listener.on_epoch(result)
        if self.on_epoch_end is not None:
            self.on_epoch_end(is_best, self.make_checkpoint)

    def make_checkpoint(self) -> Checkpoint:
        """State for resuming; an unfinished epoch is then repeated."""
        return Checkpoint(
            backend=BACKEND,
            history=tuple(self.history),
            weights=copy_weights(self.model),
            best_weights=self.best.weights,
            slots=[
                [np.array(slot) for slot in self.engine.read_slots(place)] for place in range(self.engine.num_slots)
            ],
            best=self.best.to_dict(),
            schedule=self.schedule.to_dict(),
            random=self.random.bit_generator.state,
            first_loss=self.first_loss,
        )

    def _monitored(self, loss: float, auc: float, log_odds: npt.NDArray[np.float32]) -> float:
        """The monitored metric."""
        if self.config.monitor == "calibrated_loss":
            return temperature_scaled_loss(log_odds, self.validation_bad)
        return loss if self.config.monitor == "loss" else auc

    def _run_step(self, epoch: int, step: int) -> int:
        return (epoch - 1) * self.engine.num_steps + step

    def _report_slice(self, epoch: int, rows_of_epoch: int, loss_sum: float) -> None:
        rows_done = (epoch - 1) * self.engine.num_rows + rows_of_epoch
        rows_total = self.config.epochs * self.engine.num_rows
        seconds_per_row = (self.pacer.seconds_per_step or 0.0) / self.engine.batch_size
        epochs_left = self.config.epochs - epoch + 1
        progress = SliceProgress(
            phase=self.phase,
            epoch=epoch,
            num_epochs=self.config.epochs,
            rows_done=rows_done,
            rows_total=rows_total,
            rows_per_second=1.0 / seconds_per_row if seconds_per_row else 0.0,
            eta_seconds=(rows_total - rows_done) * seconds_per_row + epochs_left * self.validation_seconds,
            train_loss=loss_sum / rows_of_epoch,
        )
        self.listener.on_slice(progress)

    def _check_loss(self, loss: float, epoch: int, rate: float) -> None:
        if self.first_loss is None and np.isfinite(loss):
            self.first_loss = loss
        start = min(max(self.first_loss or 0.0, 1.0), _LARGEST_START)
        if np.isfinite(loss) and loss <= _DIVERGED * start:
            return
        raise TrainingError(
            f"{DIVERGED} at epoch {epoch}: the loss must stay a finite number of ordinary size; it became "
            f"{loss:.3g} at learning rate {rate:g}. Try a learning rate ten times smaller, another optimizer such as "
            "Adam, or scale the numerical columns (standard or quantile)."
        )
