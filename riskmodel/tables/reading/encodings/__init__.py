"""Detects the encoding of a text, with the evidence and the alternative candidates.

Imports no other package of `tables.reading`."""
