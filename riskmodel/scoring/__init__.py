"""The risk model, a bundle on disk that scores customers without TensorFlow, and the scoring of files.

Imports `config`, `evaluation`, `features`, `inputs` and `tables`.

Example:
    >>> import numpy as np
    >>> from riskmodel.scoring.model.scale import ScoreScale
    >>> scale = ScoreScale(pdo=50, base_score=600, base_odds=19, band_edges=(550, 620))
    >>> scale.to_score(np.array([0.05, 1 / 39])).tolist()
    [600.0, 650.0]
"""
