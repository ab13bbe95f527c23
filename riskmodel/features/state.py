"""What fitting learned, as frozen values that become JSON and come back equal."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class State(BaseModel):
    """Base of everything learned from training rows: frozen, no unknown fields, no NaN, no infinities."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def in_words(number: float) -> str:
    """A learned number as a person reads it: six digits, thousands apart, a real minus sign.

    Example:
        >>> in_words(-9999.0), in_words(23.4567891)
        ('−9,999', '23.4568')
    """
    return f"{number:,.6g}".replace("-", "−")
