"""`SheetLayout`: the location of a table in a workbook."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class SheetLayout(BaseModel):
    """Location of a table in a workbook.

    Attributes:
        sheet: The sheet's name; None means the first one with cells.
        header_row: The row of the columns' names, 1 being the first of the sheet; None means the row
            that `sheet_header.find_header` finds.

    Example:
        >>> SheetLayout(sheet="Loans", header_row=3).header_row
        3
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sheet: str | None = None
    header_row: int | None = Field(None, ge=1)
