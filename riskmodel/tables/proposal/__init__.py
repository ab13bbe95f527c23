"""Proposes a schema for a file: the kind, format and role of each column, with a reason.

Imports `evidence`, `coercion`, `target`, `privacy` and what these import."""
