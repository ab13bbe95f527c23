"""Layout of a network's inputs: which column each input belongs to, and which columns are the months of a series.

Imports no other package of `riskmodel`.

Example:
    >>> from riskmodel.inputs.shape import InputFeature, InputShape
    >>> shape = InputShape(2, (5,), (InputFeature("income", 0, (1,)), InputFeature("city", embedding=0)))
    >>> shape.values, shape.indicators, shape.columns
    ((0,), (1,), ('income', 'city'))
"""
