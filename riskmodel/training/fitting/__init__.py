"""One network from its first epoch to its kept weights: schedule, early stopping, checkpoints, calibration, log.

Imports `engines` and `progress`."""
