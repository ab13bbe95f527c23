"""One module per architecture: configuration, usual training, and layers for estimates of its size.

Imports `inputs`, and the sections of `config`."""
