"""Files scored chunk by chunk, and inspected before scoring.

Imports `model`."""
