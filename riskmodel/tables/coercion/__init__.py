"""Converts string columns to typed ones: numbers, dates, categories.

Imports `arrow`, `schema` and `values`."""
