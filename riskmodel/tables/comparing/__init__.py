"""Two versions of a dataset compared: columns, cells, categories, distributions.

Imports `profiling`, `checks` and what these import."""
