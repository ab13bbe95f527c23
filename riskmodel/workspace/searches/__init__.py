"""Searches: their records, queue operations and trials; `Searches` is for analysts, `SearchExecution` for trainers.

Imports `queue` and `storage`."""
