"""What each column is for, where the table lies in its file, and how columns are matched by name.

Imports `values` and the dialects of `reading.text`."""
