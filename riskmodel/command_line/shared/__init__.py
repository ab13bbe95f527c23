"""Shared code of the commands: console, option groups, progress, printed tables.

Imports the library; no command."""
