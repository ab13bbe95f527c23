"""Plotly figures of result values.

Imports `evaluation`, `scoring`, `sizing`, `tables` and `training` for their result types.

Example:
    >>> import numpy as np
    >>> from riskmodel.evaluation.curves import compute_roc_curve
    >>> from riskmodel.plots.evaluation import plot_roc
    >>> plot_roc(compute_roc_curve(np.array([0, 1]), np.array([0.2, 0.7])), "test").layout.title.text
    'ROC curve, test AUC 1.0000'
"""
