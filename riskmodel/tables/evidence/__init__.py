"""Evidence for a column's kind: its texts, unparsable cells, special codes and unsupported formats.

Imports `arrow`, `schema` and `values`."""
