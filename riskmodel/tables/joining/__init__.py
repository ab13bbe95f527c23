"""Two tables joined by a key.

Imports `schema` and the findings of `checks`."""
