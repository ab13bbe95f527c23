"""Tables: bytes of a file in, typed columns out."""
