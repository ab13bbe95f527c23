"""Classifies target values as bad, good or undetermined, from names and values.

Imports `arrow`, `coercion`, `evidence`, `schema` and `values`."""
