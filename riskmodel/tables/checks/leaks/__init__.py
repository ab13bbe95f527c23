"""Checks for target leakage.

Imports `finding`."""
