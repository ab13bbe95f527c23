"""Treatment of duplicate keys in the right file of a join."""

from typing import Literal

Duplicates = Literal["refuse", "first", "last"]
"""``refuse`` raises an error; ``first`` and ``last`` use that row of each key."""
