"""Reads a table file of any format into strings: every cell exactly as written, or an error with its location.

Imports `arrow`, `files`, `schema` and `values`; its sub-packages import each other downward only."""
