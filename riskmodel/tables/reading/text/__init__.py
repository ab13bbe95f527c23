"""Reads delimited text files: dialect, rows, quotes, header, rejected rows, and the parser.

Imports `files`, `reading.encodings` and `reading.layout`."""
