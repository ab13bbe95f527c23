"""Reads workbooks of Excel and OpenDocument, one sheet at a time.

Imports `layout`, `text` and `typed`."""
