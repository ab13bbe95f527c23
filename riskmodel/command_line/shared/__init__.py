"""What several commands need: console, option groups, progress, printed tables.

Imports the library; no command."""
