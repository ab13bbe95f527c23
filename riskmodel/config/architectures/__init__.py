"""One module per architecture: configuration, usual training, and layers for size estimates.

Imports the sections of `config`, and `inputs`."""
