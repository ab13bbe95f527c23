"""The uploader of customer files: browser and server side.

Imports `shared` and `state`."""
