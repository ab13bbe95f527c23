"""Categorical columns: their categories, rare and similar ones, and bad rates by category.

Imports `state` and `summary`."""
