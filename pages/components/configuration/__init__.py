"""The left side of the Train page: the configuration of a run, its forecast and the button that starts it.

Imports `shared` and `state`."""
