"""Comparison of two versions of a dataset: columns, cells, categories, distributions.

Imports `profiling`, `checks` and what these import."""
