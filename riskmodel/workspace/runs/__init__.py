"""Runs: their records, queue operations, catalog and results; `Runs` is for analysts, `RunExecution` for trainers.

Imports `deletion`, `queue` and `storage`."""
