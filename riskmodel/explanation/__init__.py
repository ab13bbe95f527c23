"""Reasons for the difference between two scores of a customer, computed from risk models.

Imports `scoring` and `tables`; no Keras.

Example:
    >>> import numpy as np
    >>> from riskmodel.explanation.movement import explain_movement
    >>> from riskmodel.explanation.replacement import Contributions
    >>> champion = Contributions(("income",), np.array([[0.5]]), np.array([-1.0]), -1.5)
    >>> challenger = Contributions(("income", "debt"), np.array([[0.2, 0.9]]), np.array([-0.3]), -1.4)
    >>> explain_movement(champion, challenger).strongest(0)
    [('debt', 0.9), ('income', -0.3)]
"""
