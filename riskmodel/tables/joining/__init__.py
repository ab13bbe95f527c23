"""Joins two tables by a key.

Imports `arrow` and `schema`."""
