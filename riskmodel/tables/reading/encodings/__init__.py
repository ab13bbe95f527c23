"""Detects the encoding of a text, with the evidence and the alternative candidates.

Imports `files` only."""
