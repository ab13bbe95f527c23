"""Uploaded files, datasets and scored files.

Imports `workspace.queue` and `workspace.storage`."""
