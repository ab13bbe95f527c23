"""Statistics of a dataset: values by column, bad rate by bin and over time, distribution shift.

Imports `riskmodel.tables.dataset` and what it imports."""
