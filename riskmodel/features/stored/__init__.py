"""Storage of a fitted preprocessor as JSON and arrays, with validation rules.

Imports `categories`, `fitted` and `numbers`."""
