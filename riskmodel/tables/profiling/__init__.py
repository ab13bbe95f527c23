"""Statistics of a dataset: values by column, bad rate by bin and over time, distribution shift.

Imports `arrow`, `dataset`, `evidence`, `schema`, `target` and `values`."""
