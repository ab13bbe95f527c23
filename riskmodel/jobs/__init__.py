"""The supervisor, which claims queued runs, and the trainer, one process per run.

Imports `workspace` and the packages below it; Keras in `trainer` only.

Example:
    >>> from riskmodel.jobs.devices import choose_device
    >>> choose_device("cpu").kind
    'cpu'
"""
