"""The right side of the Train page: one run, live or ended.

Imports `shared` and `state`."""
