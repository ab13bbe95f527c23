"""Treatment of duplicate keys in the right file of a join."""

from typing import Literal

Duplicates = Literal["refuse", "first", "last"]
"""``refuse`` raises an error; otherwise the first or last row of each key is used."""
