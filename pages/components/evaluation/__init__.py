"""The Evaluate page: figures, curves and bands of one part of the split.

Imports `shared` and `state`."""
