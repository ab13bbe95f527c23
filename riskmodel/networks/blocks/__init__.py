"""Building blocks of architectures: layers, encodings, initializers, random draws.

Imports `networks.backend`, and the Keras-free packages below `networks`."""
