"""Categorical columns: levels, rare and near levels, bad rates by level.

Imports `state` and `summary`."""
