"""Conversion of trained networks to ONNX, the format in which models score; in a subprocess where Keras runs on JAX.

Imports `engines` and `progress`.
"""
