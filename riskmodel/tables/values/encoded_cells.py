"""Cells by their different texts: what is found out about each text once is looked up for every row that has it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.arrow import Array, Cells, as_numpy, pc

_LOOKED_AT = 10_000


@dataclass(frozen=True, eq=False)
class EncodedCells:
    """A column's cells, encoded once, when their different texts are first asked for.

    Attributes:
        cells: (n,) string, as in the file.

    Example:
        >>> answers = EncodedCells(pa.chunked_array([["yes", "no", "yes"]]))
        >>> answers.look_up(pa.array([1, 0])).to_pylist()
        [1, 0, 1]
    """

    cells: Cells

    @cached_property
    def repeat(self) -> bool:
        """Whether values repeat, so far as the first rows tell: then each is better looked at once."""
        head = self.cells.slice(0, _LOOKED_AT)
        return len(pc.unique(head)) * 2 <= len(head)

    @property
    def different(self) -> Array:
        """The different cells, (m,) string, in the order of their first rows."""
        found: Array = self._encoded.dictionary
        return found

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """Rows of each of the different cells, (m,)."""
        return np.bincount(self._rows, minlength=len(self.different))

    def look_up(self, values: Array) -> Cells:
        """For every row, (n,), what ``values``, (m,), hold for its text."""
        return pa.chunked_array([values.take(self._encoded.indices)])

    def look_up_marks(self, marks: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """For every row, (n,) bool, whether its text is marked, (m,) bool."""
        return marks.take(self._rows) if marks.any() else np.zeros(len(self.cells), np.bool_)

    def count(self, marks: npt.NDArray[np.bool_]) -> tuple[Array, npt.NDArray[np.int64]]:
        """The different texts of the rows that are marked, (n,) bool, and in how many of these each stands."""
        if not self.repeat:  # most are asked for few rows, for which not all need be encoded
            counted = pc.value_counts(self.cells.filter(pa.array(marks)))
            return counted.field("values"), as_numpy(counted.field("counts"))
        counts = np.bincount(self._rows[marks], minlength=len(self.different))
        return self.different.filter(pa.array(counts > 0)), counts[counts > 0]

    @cached_property
    def _encoded(self) -> Any:
        # Nulls are a text of their own, so that every row has a place to be looked up at.
        return self.cells.dictionary_encode("encode").combine_chunks()

    @property
    def _rows(self) -> npt.NDArray[np.int32]:
        """The place of each row's text among the different ones, (n,)."""
        rows: npt.NDArray[np.int32] = as_numpy(self._encoded.indices)
        return rows
