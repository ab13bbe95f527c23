"""Files into typed columns: reading, typing, target, privacy, quality checks, joins, dataset versions.

Imports `config` and `evaluation`.

Example:
    >>> import pandas as pd
    >>> from riskmodel.tables.dataset import Dataset
    >>> from riskmodel.tables.schema.schema import Column, Schema
    >>> columns = (Column(name="income", kind="numerical"), Column(name="defaulted", kind="target"))
    >>> frame = pd.DataFrame({"income": ["1200", "900"], "defaulted": ["0", "1"]})
    >>> Dataset.from_frame(frame, Schema(columns=columns, bad_values=("1",))).table["income"].to_pylist()
    [1200.0, 900.0]
"""
