"""Typed wrappers of the pyarrow functions used in this package.

pyarrow creates its compute functions on import, and the published stubs describe many of them wrongly. They are
treated as untyped here; results get their types where they are assigned to a name.
"""

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

pc: Any = pyarrow.compute
if TYPE_CHECKING:
    Array: TypeAlias = pa.Array[Any]
    Cells: TypeAlias = pa.ChunkedArray[Any]
else:
    Array = pa.Array
    Cells = pa.ChunkedArray


def strings(values: Any) -> Array:
    """String array of Python texts (None for null); an empty list gives an empty string array."""
    return pa.array(list(values), pa.string())


def as_numpy(array: Any) -> Any:
    """NumPy array of an Arrow array without nulls, chunked or not; copied only where necessary."""
    return array.to_numpy() if isinstance(array, pa.ChunkedArray) else array.to_numpy(zero_copy_only=False)


def take_ascending(cells: Cells, rows: npt.NDArray[np.int64]) -> Cells:
    """Cells of the given rows, (m,), in ascending order; pyarrow's own `take` would first copy the whole column.

    Example:
        >>> take_ascending(pa.chunked_array([[1, 2], [3, 4]]), np.array([1, 2])).to_pylist()
        [2, 3]
    """
    taken, start = [], 0
    for chunk in cells.chunks:
        first, last = np.searchsorted(rows, [start, start + len(chunk)])
        if first < last:
            taken.append(chunk.take(pa.array(rows[first:last] - start, pa.int64())))
        start += len(chunk)
    return pa.chunked_array(taken, cells.type)
