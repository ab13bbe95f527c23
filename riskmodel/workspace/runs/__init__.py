"""Runs and searches, for analysts and trainers.

Imports `workspace.queue` and `workspace.storage`."""
