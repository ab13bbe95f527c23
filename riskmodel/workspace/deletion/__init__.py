"""Permanent deletion: what depends on an item, its rows and its files.

Imports `storage`."""
