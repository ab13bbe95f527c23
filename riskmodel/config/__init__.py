"""The configuration of a run, one module per section, with the label, help, range and default of each field.

Imports `inputs`.

Example:
    >>> from riskmodel.config.presets import preset
    >>> config = preset("mission")
    >>> config.network.units, config.training.epochs
    ((128, 64), 10)
"""
