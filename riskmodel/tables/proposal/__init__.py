"""Proposes a schema for a file: the kind, format and role of each column, with a reason.

Imports `arrow`, `coercion`, `evidence`, `privacy`, `schema`, `target`, `unreadable_rows` and `values`."""
