"""Runs and searches as analysts and trainers see them.

Imports `workspace.queue` and `workspace.storage`."""
