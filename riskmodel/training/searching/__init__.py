"""Hyperparameter search: trials, the study that proposes them, pruning.

Imports `training.fitting` and `training.engines`."""
