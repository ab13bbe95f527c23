"""Fitted state as frozen values with lossless conversion to JSON."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class State(BaseModel):
    """Base class of fitted states: frozen, no unknown fields, no NaN, no infinities."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def format_number(number: float) -> str:
    """Text of a number: six significant digits, thousands separators, a minus sign.

    Example:
        >>> format_number(-9999.0), format_number(23.4567891)
        ('−9,999', '23.4568')
    """
    return f"{number:,.6g}".replace("-", "−")
