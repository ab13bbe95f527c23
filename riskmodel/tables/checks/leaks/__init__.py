"""Columns that may give the outcome away.

Imports `checks.finding`."""
