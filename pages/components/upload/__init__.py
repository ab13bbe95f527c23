"""The uploader of customer files, in the browser and in the server.

Imports `shared` and `state`."""
