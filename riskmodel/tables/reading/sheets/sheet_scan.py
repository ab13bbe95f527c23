"""How far a sheet's cells reach, which hold errors, and what cells are called."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Cell = tuple[int, int]
"""Row and column, both from 0."""

_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass
class SheetScan:
    """How far a sheet's filled cells reach, its errors, and what is hidden in it.

    Attributes:
        first, last: Corners of the rectangle of all filled cells; last is None while there are none.
        errors: The text of each cell that holds an error.
        num_formulas: How many formulas have no stored value.
        first_formula: The first cell with such a formula; None where there is none.
        num_hidden_rows: How many rows are hidden, as by a filter.
        is_hidden: Whether the sheet is.
    """

    first: Cell = (1 << 30, 1 << 30)
    last: Cell | None = None
    errors: dict[Cell, str] = field(default_factory=dict)
    num_formulas: int = 0
    first_formula: Cell | None = None
    num_hidden_rows: int = 0
    is_hidden: bool = False

    def add_formula(self, cell: Cell) -> None:
        """There is a formula without a stored value in this cell."""
        self.num_formulas += 1
        self.first_formula = self.first_formula or cell

    def fill(self, row: int, column: int) -> None:
        """There is something in this cell."""
        self.first = (min(self.first[0], row), min(self.first[1], column))
        last = self.last or (0, 0)
        self.last = (max(last[0], row), max(last[1], column))

    @property
    def may_be_table(self) -> bool:
        """Whether there is more than one row and more than one column, as notes beside a table seldom have."""
        return self.last is not None and self.last[0] > self.first[0] and self.last[1] > self.first[1]

    @property
    def num_cells(self) -> int:
        """Cells of the rectangle, filled or not."""
        if self.last is None:
            return 0
        return (self.last[0] - self.first[0] + 1) * (self.last[1] - self.first[1] + 1)


def find_cell(text: str) -> Cell:
    """A cell by the name that Excel gives it.

    Raises:
        ValueError: It is no such name.

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
    """What Excel calls a cell.

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
