"""The risk model: network, calibrator, score scale, reference values, and the folder that holds them.

Imports no other package of `scoring`."""
