"""Uploaded files, datasets and scored files.

Imports `workspace.deletion` and `workspace.storage`, and `tables` and `scoring`, which read and score the files."""
