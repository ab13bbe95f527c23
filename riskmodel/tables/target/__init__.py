"""Which values of the target mean bad, good or undetermined, proposed from names and values.

Imports `evidence`, `coercion` and what these import."""
