"""Log lines of a network's training: events, not every epoch."""

from __future__ import annotations

from riskmodel.config.sections.training import TrainingConfig
from riskmodel.training.progress import EpochResult, FitListener
from riskmodel.wording import count


class TrainingLog:
    """Writes a log line for each event of a training.

    Args:
        listener: Receives the lines.
        config: Configuration of the training.
    """

    def __init__(self, listener: FitListener, config: TrainingConfig) -> None:
        self._write = listener.on_log
        self._config = config
        self._num_slices = 0
        self._has_reported_speed = False
        self._best: EpochResult | None = None

    def resumed(self, history: tuple[EpochResult, ...]) -> None:
        """An earlier training is resumed."""
        self._write(f"Resumed after epoch {len(history)} (weights, optimizer and random state restored).")

    def end_slice(self, num_steps: int, seconds: float) -> None:
        """A slice of steps is done; the first one includes compilation."""
        self._num_slices += 1
        if self._num_slices == 1:
            self._write(f"Compiled the training and ran the first {count(num_steps, 'step')} in {seconds:.1f} s.")

    def end_epoch(self, result: EpochResult, next_rate: float) -> None:
        """An epoch is done; ``next_rate`` is the learning rate of the next epoch."""
        if not self._has_reported_speed:
            self._has_reported_speed = True
            self._write(
                f"Epoch {result.epoch} took {result.seconds:.1f} s in {count(self._num_slices, 'slice')}, "
                f"{result.rows_per_second:,.0f} customers a second."
            )
        if result.is_best:
            self._best = result
        else:
            self._report_best()
        if self._config.schedule == "plateau" and next_rate < result.learning_rate:
            self._write(
                f"Learning rate lowered from {result.learning_rate:g} to {next_rate:g} after epoch {result.epoch}: no "
                f"better validation loss for {count(self._config.plateau_patience, 'epoch')}."
            )

    def end(self, num_epochs: int, kept_epoch: int, *, stopped: bool, early_stopped: bool) -> None:
        """The training is over; ``kept_epoch`` is the epoch of the model's weights."""
        self._report_best()
        if early_stopped:
            measure, patience = self._config.monitored, count(self._config.patience, "epoch")
            self._write(f"Stopped early after epoch {num_epochs}: no improvement of the {measure} for {patience}.")
        elif stopped:
            self._write(f"Stopped on request; {count(num_epochs, 'epoch')} trained.")
        self._write(f"The model has the weights of epoch {kept_epoch}.")

    def _report_best(self) -> None:
        """Report the last of a series of improving epochs once the series has ended."""
        if self._best is None:
            return
        best, self._best = self._best, None
        figure = {
            "auc": f": {best.validation_auc:.4f}",
            "loss": f": {best.validation_loss:.4f}",
            "calibrated_loss": f"; its validation loss before calibration is {best.validation_loss:.4f}",
        }[self._config.monitor]
        self._write(f"Epoch {best.epoch} has the {self._config.best_means} so far{figure}.")
