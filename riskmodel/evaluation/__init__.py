"""Metrics, curves, calibration and comparisons: arrays in, frozen results out.

Imports no other package of `riskmodel`.

Example:
    >>> import numpy as np
    >>> from riskmodel.evaluation.metrics import compute_metrics
    >>> compute_metrics(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])).auc
    0.75
"""
