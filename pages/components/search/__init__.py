"""The Search page: what is searched, and the trials.

Imports `configuration`, `run`, `shared` and `state`."""
