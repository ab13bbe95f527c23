"""One network from its first epoch to its kept weights: schedule, early stopping, checkpoints, calibration, log.

Imports `training.engines` and `training.progress`."""
