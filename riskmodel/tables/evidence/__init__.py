"""What the cells of a column say about its kind: texts, odd cells, special texts, other formats.

Imports `values` and `schema`."""
