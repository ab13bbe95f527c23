"""The Data page: uploaded files, column roles, saved datasets, quality, versions, joins.

Imports `file_layout`, `pickers`, `shared`, `state` and `upload`."""
