"""Numerical columns: missing values, scaling, steps and trends of counts, ratios and differences of two columns.

Imports `state`."""
