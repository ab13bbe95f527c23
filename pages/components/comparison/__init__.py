"""The Compare page: a champion and its challengers.

Imports `pickers`, `shared` and `state`."""
