"""A fitted preprocessor as JSON and arrays, with the rules that a stored state must obey.

Imports `features.numbers`, `features.categories` and `features.fitted`."""
