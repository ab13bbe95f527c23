"""One module per architecture: from a configuration and the inputs to the log-odds.

Imports `backend` and `blocks`."""
