"""Checks for target leakage.

Imports `checks.finding`."""
