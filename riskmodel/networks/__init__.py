"""The Keras networks: one module per architecture, and the layers they share.

Imports `config`, `features`, `inputs` and `sizing`. With `training` and `jobs.trainer`, the only package that
imports Keras.

Example:
    >>> from riskmodel.config.architectures.mlp import MlpConfig
    >>> from riskmodel.inputs.shape import InputShape
    >>> from riskmodel.networks.build import build_network
    >>> build_network(MlpConfig(), InputShape(num_numerical=50), seed=7).output_shape
    (None, 1)
"""
