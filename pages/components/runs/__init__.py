"""The Runs page: table, filters, plots and actions.

Imports `shared` and `state`."""
