"""The Data page: uploaded files, column roles, saved datasets, quality, versions, joins.

Imports all packages but those of other pages."""
