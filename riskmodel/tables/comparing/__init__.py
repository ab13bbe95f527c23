"""Comparison of two versions of a dataset: columns, cells, categories, distributions.

Imports `arrow`, `coercion`, `dataset`, `evidence`, `profiling`, `schema` and `values`."""
