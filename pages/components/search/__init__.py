"""The Search page: what is searched, and the trials.

Imports `recipe`, `run`, `pickers`, `shared` and `state`."""
