"""Preprocessing of columns into arrays, fitted on the training set only.

Imports `config`, `inputs` and `tables`.

Example:
    >>> import numpy as np
    >>> import pyarrow as pa
    >>> from riskmodel.config.sections.preprocessing import PreprocessingConfig
    >>> from riskmodel.features.preprocessor import Preprocessor
    >>> from riskmodel.tables.schema.schema import Column, Schema
    >>> schema = Schema(columns=(Column(name="income", kind="numerical"),))
    >>> table = pa.table({"income": pa.array([1.0, 2.0, None, 6.0])})
    >>> fitted = Preprocessor(schema, PreprocessingConfig()).fit(table, rows=np.array([0, 1]))
    >>> fitted.transform(table).numerical[:, 0].tolist()
    [-1.0, 1.0, 0.0, 9.0]
"""
