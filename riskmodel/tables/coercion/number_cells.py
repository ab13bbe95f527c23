"""Converts the cells of numerical columns to float64: the whole column at once where it is plain, else cell by cell."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.tables.arrow import Array, Cells, as_numpy, pc, strings
from riskmodel.tables.schema.schema import Column
from riskmodel.tables.values.encoded_cells import EncodedCells
from riskmodel.tables.values.numbers import NUMBER_PATTERN, NumberFormat, find_inexact, parse_numbers

_DIGITS_KEPT = 16
"""Integers with fewer digits are exact in float64."""


def coerce_numbers(
    texts: EncodedCells, column: Column, markers: tuple[str, ...]
) -> tuple[Cells, npt.NDArray[np.bool_] | None]:
    """The numbers of a numerical column.

    Args:
        texts: (n,) without nulls, as in the file.
        column: The number format, and the missing-value markers of this column alone.
        markers: The missing-value markers.

    Returns:
        (n,) float64, finite, null where missing or unparsable; and (n,) bool, True where unparsable, or None where no
        cell is. An integer that float64 cannot represent exactly is unparsable, since an identifier would change.
    """
    wrong: npt.NDArray[np.bool_] | None
    if column.number_format is not None:
        numbers, wrong = _coerce_written(texts, column.number_format, markers)
    else:
        numbers, wrong = _coerce_plain(texts, markers)
    return _hide_codes(numbers, column), wrong


def _coerce_plain(texts: EncodedCells, markers: tuple[str, ...]) -> tuple[Cells, npt.NDArray[np.bool_] | None]:
    numbers = _cast_or_none(texts.cells)
    if numbers is None:
        return _read_once(texts, lambda cells: _read_with_missing(cells, markers))
    return _only_finite(texts, numbers, markers)


def _read_with_missing(cells: Cells, markers: tuple[str, ...]) -> tuple[Cells, npt.NDArray[np.bool_] | None]:
    missing = pc.is_in(cells, value_set=strings(markers))
    numbers = _cast_or_none(pc.if_else(missing, pa.scalar(None, pa.string()), cells))
    return _read_irregular(cells, markers) if numbers is None else _only_finite(EncodedCells(cells), numbers, markers)


def _only_finite(
    texts: EncodedCells, numbers: Cells, markers: tuple[str, ...]
) -> tuple[Cells, npt.NDArray[np.bool_] | None]:
    # The cast also accepts words such as 'inf' and converts 1e999 to infinity; neither is a usable number.
    finite = pc.is_finite(numbers)
    # A marker may be an integer beyond float64 precision; such a cell is missing, not an error.
    if pc.all(finite, min_count=0).as_py() and max(map(len, markers), default=0) < _DIGITS_KEPT:
        return _refuse_inexact(texts.cells, numbers, None)
    return _read_once(texts, lambda cells: _read_irregular(cells, markers))


def _read_irregular(cells: Cells, markers: tuple[str, ...]) -> tuple[Cells, npt.NDArray[np.bool_] | None]:
    """Numbers with spaces around them, and cells that are not numbers at all."""
    trimmed = _trim(cells, markers)
    regular = pc.match_substring_regex(trimmed, NUMBER_PATTERN)
    numbers = pc.cast(pc.if_else(regular, trimmed, pa.scalar(None, pa.string())), pa.float64())
    finite = pc.is_finite(numbers)
    numbers = pc.if_else(finite, numbers, pa.scalar(None, pa.float64()))
    wrong = pc.and_(pc.is_valid(trimmed), pc.is_null(numbers))
    return _refuse_inexact(trimmed, numbers, as_numpy(wrong))


def _coerce_written(
    texts: EncodedCells, number_format: NumberFormat, markers: tuple[str, ...]
) -> tuple[Cells, npt.NDArray[np.bool_]]:
    return _read_once(texts, lambda cells: parse_numbers(_trim(cells, markers), number_format))


def _read_once(texts: EncodedCells, read: Callable[[Any], tuple[Any, Any]]) -> tuple[Any, Any]:
    """The result of ``read`` for the cells; repeated values are parsed once."""
    if not texts.repeat:
        return read(texts.cells)
    numbers, wrong = read(pa.chunked_array([texts.different]))
    return texts.map_values(numbers.combine_chunks()), None if wrong is None else texts.map_marks(wrong)


def _trim(cells: Any, markers: tuple[str, ...]) -> Any:
    """Cells without spaces around them, null where missing."""
    trimmed = pc.utf8_trim_whitespace(cells)
    return pc.if_else(pc.is_in(trimmed, value_set=strings(markers)), pa.scalar(None, pa.string()), trimmed)


def _refuse_inexact(
    cells: Cells, numbers: Cells, wrong: npt.NDArray[np.bool_] | None
) -> tuple[Cells, npt.NDArray[np.bool_] | None]:
    """Null in place of integers that float64 would change."""
    inexact = find_inexact(cells, numbers)
    if inexact is None or not inexact.any():
        return numbers, wrong
    exact: Cells = pc.if_else(pa.array(inexact), pa.scalar(None, pa.float64()), numbers)
    return exact, inexact if wrong is None else wrong | inexact


def _hide_codes(numbers: Cells, column: Column) -> Cells:
    """Null in place of the numbers that are missing-value markers of this column, in its number format."""
    markers = pa.chunked_array([strings(column.missing_markers or ())])
    if column.number_format is None:
        marker_numbers = _read_irregular(markers, ("",))[0]
    else:
        marker_numbers = parse_numbers(markers, column.number_format)[0]
    codes = marker_numbers.drop_null()
    if len(codes) == 0:
        return numbers
    hidden: Cells = pc.if_else(
        pc.is_in(numbers, value_set=codes.combine_chunks()), pa.scalar(None, pa.float64()), numbers
    )
    return hidden


def _cast_or_none(cells: Cells) -> Cells | None:
    try:
        numbers: Cells = pc.cast(cells, pa.float64())
    except pa.ArrowInvalid:
        return None
    return numbers


def count_refused(texts: EncodedCells, refused: npt.NDArray[np.bool_], column: Column) -> tuple[int, int]:
    """Number of refused cells that are infinite, and of those that are finite but may be inexact.

    Args:
        texts: (n,), as in the file.
        refused: (n,) bool, True at these cells.
        column: The column of the cells.
    """
    distinct, counts = texts.count(refused)
    different = pc.utf8_trim_whitespace(distinct)
    inexact = np.zeros(len(counts), np.bool_)
    if column.kind == "numerical":
        inexact = _are_finite(different, column.number_format)
    return int(counts[_are_infinite(different)].sum()), int(counts[inexact].sum())


def _are_infinite(texts: Array) -> npt.NDArray[np.bool_]:
    """True for words or digits for infinity."""
    words = pc.utf8_lower(texts)
    named = pc.match_substring_regex(words, r"^[+-]?inf(inity)?$")
    infinite: npt.NDArray[np.bool_] = as_numpy(pc.or_(named, pc.fill_null(pc.is_inf(_plain_numbers(words)), False)))
    return infinite


def _are_finite(texts: Array, number_format: NumberFormat | None) -> npt.NDArray[np.bool_]:
    if number_format is not None:
        return ~parse_numbers(texts, number_format, exact=False)[1]
    finite: npt.NDArray[np.bool_] = as_numpy(pc.fill_null(pc.is_finite(_plain_numbers(texts)), False))
    return finite


def _plain_numbers(texts: Array) -> Array:
    digits = pc.match_substring_regex(texts, NUMBER_PATTERN)
    numbers: Array = pc.cast(pc.if_else(digits, texts, pa.scalar(None, pa.string())), pa.float64())
    return numbers
