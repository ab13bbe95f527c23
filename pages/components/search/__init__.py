"""The Search page: what is searched, and the trials.

Imports `configuration`, `shared` and `state`."""
