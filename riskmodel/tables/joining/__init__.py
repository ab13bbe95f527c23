"""Joins two tables by a key.

Imports `tables.schema`."""
