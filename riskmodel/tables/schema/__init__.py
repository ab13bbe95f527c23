"""The schema: column roles, the table's layout in its file, and matching of columns by name.

Imports `files` and `values`."""
