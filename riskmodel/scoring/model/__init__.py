"""The risk model: network, calibrator, score scale, reference values, and the folder that holds them.

Imports `features`, `tables`, `evaluation` and `config`."""
