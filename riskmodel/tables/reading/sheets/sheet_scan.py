"""`SheetScan`: the extent of a sheet's cells and its errors; cell names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Cell = tuple[int, int]
"""Row and column, both from 0."""

_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass
class SheetScan:
    """Extent of a sheet's filled cells, its errors, and its hidden parts.

    Attributes:
        first, last: Corners of the rectangle of all filled cells; last is None while there are none.
        errors: The text of each error cell.
        num_formulas: Number of formulas without a stored value.
        first_formula: The first cell with such a formula; None where there is none.
        num_hidden_rows: Number of hidden rows, such as by a filter.
        is_hidden: True if the sheet is hidden.
    """

    first: Cell = (1 << 30, 1 << 30)
    last: Cell | None = None
    errors: dict[Cell, str] = field(default_factory=dict)
    num_formulas: int = 0
    first_formula: Cell | None = None
    num_hidden_rows: int = 0
    is_hidden: bool = False

    def add_formula(self, cell: Cell) -> None:
        """Record a formula without a stored value."""
        self.num_formulas += 1
        self.first_formula = self.first_formula or cell

    def fill(self, row: int, column: int) -> None:
        """Record a filled cell."""
        self.first = (min(self.first[0], row), min(self.first[1], column))
        last = self.last or (0, 0)
        self.last = (max(last[0], row), max(last[1], column))

    @property
    def may_be_table(self) -> bool:
        """True if there is more than one row and more than one column, unlike in most sheets of notes."""
        return self.last is not None and self.last[0] > self.first[0] and self.last[1] > self.first[1]

    @property
    def num_cells(self) -> int:
        """Cells of the rectangle, filled or not."""
        if self.last is None:
            return 0
        return (self.last[0] - self.first[0] + 1) * (self.last[1] - self.first[1] + 1)


def find_cell(text: str) -> Cell:
    """Row and column of a cell by its name in Excel.

    Raises:
        ValueError: It is not a cell name.

    Example:
        >>> find_cell("C4")
        (3, 2)
    """
    match = _CELL.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no cell")
    column = 0
    for letter in match[1]:
        column = 26 * column + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def name_cell(row: int, column: int) -> str:
    """The name of a cell in Excel.

    Example:
        >>> name_cell(3, 2), name_cell(0, 27)
        ('C4', 'AB1')
    """
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"
