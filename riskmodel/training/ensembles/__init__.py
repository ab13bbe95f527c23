"""Several networks as one model: folds, seeds, variants, blending.

Imports `engines`, `fitting`, `progress` and `training_data`."""
