"""The choices of each kind of network, one file per kind."""
