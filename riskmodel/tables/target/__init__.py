"""Classifies target values as bad, good or undetermined, from names and values.

Imports `evidence`, `coercion` and what these import."""
