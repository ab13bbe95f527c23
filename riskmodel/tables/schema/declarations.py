"""Declarations of statistics files about their columns: missing values and value labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
from pydantic import BaseModel, ConfigDict

_KEY = b"riskmodel.declaration"


class Declaration(BaseModel):
    """A file's declarations about one column, stored as metadata of the column's field in a table of strings.

    Attributes:
        missing: Texts of cells that are missing, such as ``.a``.
        missing_ranges: Smallest and largest number of each missing range.
        labels: Value labels by the code's text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    missing: tuple[str, ...] = ()
    missing_ranges: tuple[tuple[float, float], ...] = ()
    labels: dict[str, str] = {}

    def is_missing(self, text: str) -> bool:
        """True if a cell is declared missing.

        Example:
            >>> declared = Declaration(missing=(".a",), missing_ranges=((-99.0, -90.0),))
            >>> declared.is_missing(".a"), declared.is_missing("-95"), declared.is_missing("5")
            (True, True, False)
        """
        if text in self.missing:
            return True
        try:
            number = float(text)
        except ValueError:
            return False
        return any(lowest <= number <= highest for lowest, highest in self.missing_ranges)


def text_field(name: str, declared: Mapping[str, Declaration]) -> Any:
    """The field of a string column with its declaration."""
    declaration = declared.get(name)
    metadata = None if declaration is None else {_KEY: declaration.model_dump_json().encode()}
    return pa.field(name, pa.string(), metadata=metadata)


def declaration_of(field: Any) -> Declaration | None:
    """The declaration of a column; None without one."""
    stored = (field.metadata or {}).get(_KEY)
    return None if stored is None else Declaration.model_validate_json(stored)
