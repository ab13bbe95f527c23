"""Any file with a table into strings: every cell as it is written, or an error that names the place.

Imports `files` and `schema`; its sub-packages import each other downward only."""
