"""Hyperparameter search: trials, the study that proposes them, pruning.

Imports `directions`, `engines`, `fitting`, `forecast` and `progress`."""
