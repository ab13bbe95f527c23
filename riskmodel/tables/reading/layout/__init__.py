"""Locates a table among titles, totals and notes, and detects its delimiter.

Imports no other package of `tables.reading`; operates on rows of strings from texts and sheets."""
