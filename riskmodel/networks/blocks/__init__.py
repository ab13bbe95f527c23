"""What architectures are made of: layers, encodings, initializers, random draws.

Imports `networks.backend` only."""
