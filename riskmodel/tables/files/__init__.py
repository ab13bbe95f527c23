"""Access to the bytes of a file: signatures, decompression, archives, atomic writes.

Imports no other package of `tables`."""
