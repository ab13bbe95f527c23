"""Storage of a fitted preprocessor as JSON and arrays, with validation rules.

Imports `features.numbers`, `features.categories` and `features.fitted`."""
