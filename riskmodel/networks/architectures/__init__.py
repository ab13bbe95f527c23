"""One module per architecture: from a configuration and the inputs to the log-odds.

Imports `networks.blocks` and `networks.backend`."""
