"""Reads a table file and converts it to typed columns."""
