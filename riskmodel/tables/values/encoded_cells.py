"""`EncodedCells`: dictionary encoding of a column, so that each distinct text is processed once."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.arrow import Array, Cells, as_numpy, pc

_SAMPLE_SIZE = 10_000


@dataclass(frozen=True, eq=False)
class EncodedCells:
    """A column's cells, dictionary-encoded on first access.

    Attributes:
        cells: (n,) string, as in the file.

    Example:
        >>> answers = EncodedCells(pa.chunked_array([["yes", "no", "yes"]]))
        >>> answers.map_values(pa.array([1, 0])).to_pylist()
        [1, 0, 1]
    """

    cells: Cells

    @cached_property
    def repeat(self) -> bool:
        """True if values repeat in the first rows: processing each distinct value once is then faster."""
        head = self.cells.slice(0, _SAMPLE_SIZE)
        return len(pc.unique(head)) * 2 <= len(head)

    @property
    def different(self) -> Array:
        """The distinct cells, (m,) string, in the order of their first rows."""
        dictionary: Array = self._encoded.dictionary
        return dictionary

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """Number of rows of each distinct cell, (m,)."""
        return np.bincount(self._rows, minlength=len(self.different))

    def map_values(self, values: Array) -> Cells:
        """For every row, (n,), the entry of ``values``, (m,), for its text."""
        return pa.chunked_array([values.take(self._encoded.indices)])

    def map_marks(self, marks: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """For every row, (n,) bool, True if its text is marked, (m,) bool."""
        return marks.take(self._rows) if marks.any() else np.zeros(len(self.cells), np.bool_)

    def count(self, marks: npt.NDArray[np.bool_]) -> tuple[Array, npt.NDArray[np.int64]]:
        """The distinct texts of the marked rows, (n,) bool, and the number of marked rows of each."""
        if not self.repeat:  # usually few rows are marked, so the whole column need not be encoded
            counted = pc.value_counts(self.cells.filter(pa.array(marks)))
            return counted.field("values"), as_numpy(counted.field("counts"))
        counts = np.bincount(self._rows[marks], minlength=len(self.different))
        return self.different.filter(pa.array(counts > 0)), counts[counts > 0]

    @cached_property
    def _encoded(self) -> Any:
        # Nulls are encoded as a separate text, so that every row has an index.
        return self.cells.dictionary_encode("encode").combine_chunks()

    @property
    def _rows(self) -> npt.NDArray[np.int32]:
        """The index of each row's text among the distinct ones, (n,)."""
        rows: npt.NDArray[np.int32] = as_numpy(self._encoded.indices)
        return rows
