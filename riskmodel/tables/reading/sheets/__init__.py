"""Reads workbooks of Excel and OpenDocument, one sheet at a time.

Imports `reading.typed`, `reading.text` and what these import."""
