"""Larger networks and longer trainings."""

from riskmodel.config.sections.training import TrainingConfig

_FACTOR = 2
_MAX_UNITS, _MAX_EPOCHS, _MAX_PATIENCE = 8_192, 10_000, 1_000


def widen(units: tuple[int, ...]) -> tuple[int, ...]:
    """Twice as many units in each layer.

    Example:
        >>> widen((128, 64))
        (256, 128)
    """
    return tuple(min(_FACTOR * width, _MAX_UNITS) for width in units)


def lengthen(training: TrainingConfig) -> TrainingConfig:
    """Twice as many epochs and twice the patience."""
    return training.model_copy(
        update={
            "epochs": min(_FACTOR * training.epochs, _MAX_EPOCHS),
            "patience": min(_FACTOR * training.patience, _MAX_PATIENCE),
        }
    )
