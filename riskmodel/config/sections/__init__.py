"""Sections of a run's configuration: split, preprocessing, training, calibration, scale, backend.

Imports `field`."""
