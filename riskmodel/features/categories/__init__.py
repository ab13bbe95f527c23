"""Categorical columns: levels, rare and near levels, bad rates by level.

Imports `features.state` and `features.summary`."""
