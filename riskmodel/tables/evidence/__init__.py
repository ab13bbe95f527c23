"""Evidence for a column's kind: its texts, unparsable cells, special codes and unsupported formats.

Imports `values` and `schema`."""
