"""Joins two tables by a key.

Imports `schema` and the findings of `checks`."""
