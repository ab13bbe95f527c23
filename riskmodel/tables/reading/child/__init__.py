"""Reads untrusted files in a child process with limits on memory and time.

Imports `typed`; the child loads the reader of the file's format by name."""
