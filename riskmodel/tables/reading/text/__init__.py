"""Reads delimited text files: dialect, rows, quotes, header, rejected rows, and the parser.

Imports `encodings` and `layout`."""
