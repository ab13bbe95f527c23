"""Locates a table among titles, totals and notes, and detects its delimiter.

Operates on rows of strings from texts and sheets; imports no other package."""
