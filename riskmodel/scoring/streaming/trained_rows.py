"""Rows of a scored file whose customers the model was trained on, found by identifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from riskmodel.tables.arrow import Array, Cells, pc

_MIN_ROWS = 1 << 18
"""Rows that are compared together, at least, because each comparison builds an index of all training customers."""


@dataclass(frozen=True, eq=False)
class TrainedCustomers:
    """The customers that a model was trained on.

    Attributes:
        identifier: Name of the column that identifies them.
        values: Their identifiers, string (k,), as in the training file.
    """

    identifier: str
    values: Cells


class TrainedTally:
    """Counts the rows of a scored file whose identifier is that of a training customer.

    Args:
        trained: The training customers; None if they are not known.
        names: Of the file's columns.
    """

    def __init__(self, trained: TrainedCustomers | None, names: Sequence[str]) -> None:
        known = trained is not None and trained.identifier in names
        self._place = names.index(trained.identifier) if trained is not None and known else None
        # The comparison ignores outer blanks; an empty identifier identifies no customer.
        self._values = _trimmed(trained.values) if trained is not None and known else None
        self._waiting: list[Array] = []
        self._num_waiting = self._num_found = 0

    def add(self, rows: pa.RecordBatch) -> None:
        """Add the next rows of the file, as text."""
        if self._place is None or self._values is None:
            return
        self._waiting.append(rows.column(self._place))
        self._num_waiting += rows.num_rows
        if self._num_waiting >= max(_MIN_ROWS, len(self._values)):
            self._compare()

    def count(self) -> int | None:
        """Rows found; None if the customers are not known or the file lacks their identifier."""
        if self._place is None:
            return None
        self._compare()
        return self._num_found

    def _compare(self) -> None:
        if self._waiting:
            cells = _trimmed(pa.chunked_array(self._waiting, pa.string()))
            self._num_found += pc.sum(pc.is_in(cells, value_set=self._values)).as_py() or 0
        self._waiting, self._num_waiting = [], 0


def _trimmed(cells: Cells) -> Cells:
    """The identifiers without outer blanks and without empty ones."""
    texts: Cells = pc.utf8_trim_whitespace(cells.drop_null())
    return texts.filter(pc.not_equal(texts, ""))
