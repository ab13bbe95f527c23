"""The commands of ``python -m riskmodel``, one module per command.

Imports `config`, `evaluation`, `jobs`, `scoring`, `sizing`, `tables`, `training` and `workspace`.

Example:
    >>> from riskmodel.__main__ import main
    >>> main(["--version"])  # doctest: +ELLIPSIS
    riskmodel ...
    0
"""
