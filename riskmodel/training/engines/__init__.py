"""One engine per Keras backend, with devices and optimizers; ``engines.executor`` selects it.

Imports `networks`, `features` and the packages below them; no fit, ensemble or pipeline.
"""
