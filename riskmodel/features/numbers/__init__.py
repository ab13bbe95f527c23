"""Numerical columns: missing values, scaling, steps and trends of counts, ratios and differences of two columns.

Imports `features.state` and its neighbors in `features`."""
