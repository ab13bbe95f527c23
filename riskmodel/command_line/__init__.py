"""The commands of ``python -m riskmodel``, one module per command.

Imports the whole library except `plots` and `estimator`.

Example:
    >>> from riskmodel.__main__ import main
    >>> main(["--version"])  # doctest: +ELLIPSIS
    riskmodel ...
    0
"""
