"""Shared code of the commands: console, option groups, progress, printed tables.

Imports no other package of `command_line`."""
