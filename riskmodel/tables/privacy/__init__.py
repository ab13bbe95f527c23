"""Recognizes personal data and protected attributes by cells and column names.

Imports `evidence` and `schema`."""
