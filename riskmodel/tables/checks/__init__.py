"""Quality checks of a dataset, one kind per module; each takes typed columns and returns findings.

Imports `arrow`, `dataset`, `evidence`, `profiling`, `proposal`, `schema`, `split` and `values`.
"""
