"""Several networks as one model: folds, seeds, variants, blending.

Imports `training.fitting` and `training.engines`."""
