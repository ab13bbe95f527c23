"""What became of a file that was scored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

NUM_PROBABILITY_BINS = 40


@dataclass(frozen=True)
class UnparsableCells:
    """Cells of one column that could not be read.

    Attributes:
        count: how many.
        first_value: the first one, as in the file.
        first_row: its row; the first one after the header is row 1.
    """

    count: int
    first_value: str
    first_row: int


@dataclass(frozen=True)
class UnseenCells:
    """Cells of one column with a category that training never saw; they count as unknown.

    Attributes:
        count: how many.
        first_value: the first one, as in the file.
    """

    count: int
    first_value: str


@dataclass(frozen=True)
class BrokenRows:
    """Rows that cannot be read as rows of the table.

    Attributes:
        count: how many.
        first_line: the line of the file in which the first one begins; the file's first is 1.
        first_reason: what is wrong with it, in words.
    """

    count: int
    first_line: int
    first_reason: str

    def describe_first(self) -> str:
        """Such as ``line 17: it has 5 cells instead of 8``."""
        return f"line {self.first_line:,}: {self.first_reason}"


@dataclass(frozen=True)
class ScoringReport:
    """Counts of a scored file.

    Attributes:
        num_rows: rows in the file, and in the result.
        num_scored: rows that got a probability.
        not_scored: why others did not, and how many; with `num_scored` they add up to `num_rows`.
        unseen, unparsable: by column, those that have any.
        broken: rows that cannot be read at all, such as those with a cell too many; None where there are none.
        band_counts: scored rows by band, safest first.
        probability_counts: scored rows in the 40 equal bins of the probability on [0, 1].
        seconds: wall time.
        extra_columns: columns of the file that the training file did not have; kept, not looked at.
        output_columns: names of the columns that were added: probability, score, band, reason, or with ``model_``
            before those that the file has already.
        read_as: how the file was read, in words.
        notes: what was made of the file that an analyst should know.
    """

    num_rows: int
    num_scored: int
    not_scored: dict[str, int] = field(default_factory=dict)
    unseen: dict[str, UnseenCells] = field(default_factory=dict)
    unparsable: dict[str, UnparsableCells] = field(default_factory=dict)
    broken: BrokenRows | None = None
    band_counts: dict[str, int] = field(default_factory=dict)
    probability_counts: tuple[int, ...] = (0,) * NUM_PROBABILITY_BINS
    seconds: float = 0.0
    extra_columns: tuple[str, ...] = ()
    output_columns: tuple[str, ...] = ()
    read_as: str = ""
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values that ``json`` can write."""
        values = asdict(self)
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The report that ``to_dict`` was called on."""
        rest = dict(values)
        unseen = {name: UnseenCells(**cells) for name, cells in rest.pop("unseen").items()}
        unparsable = {name: UnparsableCells(**cells) for name, cells in rest.pop("unparsable").items()}
        broken = rest.pop("broken", None)
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in rest.items()
        }
        return cls(unseen=unseen, unparsable=unparsable, broken=broken and BrokenRows(**broken), **plain)
