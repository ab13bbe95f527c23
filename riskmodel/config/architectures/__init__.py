"""One module per architecture: configuration, usual training, and layers for estimates of its size.

Imports `blocks`, `field` and `sections`."""
