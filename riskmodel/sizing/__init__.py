"""Parameters, time, memory and outline of a network before it is built; cores and backend of this machine.

Imports `config` and `inputs`; no Keras.

Example:
    >>> from riskmodel.config.architectures.mlp import MlpConfig
    >>> from riskmodel.inputs.shape import InputShape
    >>> from riskmodel.sizing.counts import count_network
    >>> count_network(MlpConfig(), InputShape(num_numerical=50)).parameters
    14849
"""
