"""Conversion between JSON values of configuration fields and values of their widgets."""

from __future__ import annotations

from datetime import date
from typing import Any

from riskmodel.config.field import FieldDescription
from riskmodel.errors import ConfigError

_MAX_EXACT = 2**53
"""Whole numbers up to this are exact as float64."""


def to_widget(field: FieldDescription, value: Any) -> Any:
    """Convert a JSON value to a widget value."""
    if field.kind in ("integers", "numbers"):
        return ", ".join(_as_text(number) for number in value)
    if field.kind == "date":
        return date.fromisoformat(value) if value else None
    return value


def _as_text(number: float) -> str:
    return str(int(number)) if abs(number) < _MAX_EXACT and number == int(number) else repr(number)


def from_widget(field: FieldDescription, value: Any) -> Any:
    """Convert a widget value to a JSON value.

    Raises:
        ConfigError: A list of numbers is malformed.
    """
    if field.kind in ("integers", "numbers"):
        return _read_numbers(field, value or "")
    if field.kind == "date":
        return value.isoformat() if value else None
    return value


def _read_numbers(field: FieldDescription, text: str) -> list[int] | list[float]:
    read, noun = (int, "whole numbers") if field.kind == "integers" else (float, "numbers")
    try:
        return [read(part) for part in text.replace(";", ",").split(",") if part.strip()]
    except ValueError as error:
        raise ConfigError(
            f"{field.label} must be {noun} separated by commas, such as 128, 64; received '{text}'."
        ) from error
