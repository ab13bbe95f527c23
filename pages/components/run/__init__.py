"""The right side of Train: a run while it is trained and after it has ended.

Imports `shared` and `state`."""
