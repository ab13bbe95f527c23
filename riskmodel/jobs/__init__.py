"""The supervisor, which claims queued runs, and the trainer, one process per run.

Imports `config`, `sizing`, `tables`, `training` and `workspace`; Keras in `trainer` only.

Example:
    >>> from riskmodel.jobs.devices import choose_device
    >>> choose_device("cpu").kind
    'cpu'
"""
