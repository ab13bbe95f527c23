"""One engine per Keras backend, with devices and optimizers; ``engines.executor`` selects it.

Imports no other package of `training`.
"""
