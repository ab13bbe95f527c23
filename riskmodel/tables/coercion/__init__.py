"""Strings into typed columns: numbers, dates, categories.

Imports `values` and `schema`."""
