"""One module per architecture: configuration, usual training, and layers for estimates of its size.

Imports `config.blocks` and the packages below it."""
