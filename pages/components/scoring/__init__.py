"""The Score page: checks before scoring, and scored customers.

Imports `file_layout`, `pickers`, `shared` and `state`."""
