"""Building blocks of architectures: layers, encodings, initializers, random draws.

Imports `backend`."""
