"""Access to the bytes of a file: signatures, decompression, archives, atomic writes.

Imports nothing else of `riskmodel.tables`."""
