"""What a network costs before it is built: parameters, time, memory, outline; cores and backend of this machine.

Imports `config` and `features`; no Keras."""
