"""The bytes of a file: signatures, decompression, archives, whole files.

Imports nothing else of `riskmodel.tables`."""
