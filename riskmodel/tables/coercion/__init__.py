"""Converts string columns to typed ones: numbers, dates, categories.

Imports `values` and `schema`."""
