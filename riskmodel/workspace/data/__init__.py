"""Uploaded files, datasets and scored files.

Imports `deletion` and `storage`."""
