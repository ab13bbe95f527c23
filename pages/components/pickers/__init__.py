"""Lists to choose a dataset or a run from, and the dialog that deletes what is chosen.

Imports `shared` and `state`."""
