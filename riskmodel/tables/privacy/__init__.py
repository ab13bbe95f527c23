"""Personal data and protected attributes, recognized by cells and names.

Imports `evidence` and `schema`."""
