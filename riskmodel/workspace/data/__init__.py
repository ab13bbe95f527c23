"""Uploaded files, datasets and scored files.

Imports `workspace.deletion` and `workspace.storage`."""
