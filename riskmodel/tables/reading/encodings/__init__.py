"""The encoding of a text, with the evidence for it and the candidates that fit as well.

Imports `files` only."""
