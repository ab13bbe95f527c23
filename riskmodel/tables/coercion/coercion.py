"""Conversion of string columns to typed ones: strict for training, lenient with a report for scoring.

Every column is first cast as a whole; only if that fails are the failing cells examined. Missing-value markers are
recognized with or without spaces around them.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.errors import DataError, UnreadableCellsError
from riskmodel.tables.arrow import Array, Cells, as_numpy, pc, strings
from riskmodel.tables.coercion.category_values import find_values, normalize_spaces, to_canonical
from riskmodel.tables.coercion.number_cells import coerce_numbers, count_refused
from riskmodel.tables.schema.schema import Column, Schema, describe_unknown_column
from riskmodel.tables.values.date_notation import to_notation
from riskmodel.tables.values.dates import ISO_FORMAT, read_dates
from riskmodel.tables.values.encoded_cells import EncodedCells
from riskmodel.tables.values.formulas import restore
from riskmodel.wording import count, first_few, plural, shorten

_ROWS_WORTH_THREADS = 200_000


@dataclass(frozen=True, eq=False)
class Unparsable:
    """Cells of one column that are neither missing nor valid for the column's kind.

    Attributes:
        count: Their number, at least 1.
        first_value: The first of them, exactly as in the file.
        first_row: Its row; 1 is the first row after the header.
        mask: (n,) bool, True at these cells.
        infinite: Number of infinite ones among them.
        inexact: Number of integers beyond 2**53 among them that a float64 would silently change.
    """

    count: int
    first_value: str
    first_row: int
    mask: npt.NDArray[np.bool_]
    infinite: int = 0
    inexact: int = 0


def type_table(raw: pa.Table, schema: Schema, typed: Mapping[str, Cells] | None = None) -> pa.Table:
    """Convert every column to the type of its kind; the result has the schema's columns in its order.

    Args:
        raw: String columns without nulls, as `read_strings` returns them.
        schema: The role of each column.
        typed: Columns already converted by this schema, (n,).

    Returns:
        Numerical columns float64 (finite or null), categorical ones string (null where missing), dates date32,
        identifiers and ignored columns unchanged, the target unchanged except null where missing.

    Raises:
        DataError: A column of the schema is not in the table, or a cell is not valid for its column's kind; names
            the column, the number of such cells, the first one and its row, and how to fix it (`UnreadableCellsError`).
    """
    in_schema = set(schema.names)
    unknown = [name for name in raw.column_names if name not in in_schema]
    if unknown:
        raise DataError(f"Column {unknown[0]!r} of the table is not in the schema. Make both from the same file.")
    known = typed or {}
    table, unparsable = coerce_table(raw, schema, [name for name in schema.names if name not in known])
    if unparsable:
        raise _refuse(schema, unparsable)
    cells = [known[name] if name in known else table[name] for name in schema.names]
    return pa.Table.from_arrays(cells, names=list(schema.names))


def coerce_table(raw: pa.Table, schema: Schema, columns: Iterable[str]) -> tuple[pa.Table, dict[str, Unparsable]]:
    """Convert the named columns; a cell that is not valid for its kind becomes null and is reported.

    Args:
        raw: String columns, in any order; only the named ones are used.
        schema: The role of each named column.
        columns: The columns to convert, in the order of the result.

    Returns:
        The typed table, as `type_table` describes it, and the unparsable cells of each column that has any.

    Raises:
        DataError: A named column is not in the table.
    """
    names = list(columns)
    available = set(raw.column_names)
    unknown = [name for name in names if name not in available]
    if unknown:
        raise DataError(describe_unknown_column(unknown[0], raw.column_names))

    def coerce(name: str) -> tuple[Cells, Unparsable | None]:
        return coerce_column(EncodedCells(raw[name]), schema.column(name), schema.markers_of(name))

    if raw.num_rows < _ROWS_WORTH_THREADS:  # each batch of a scored file runs in its own thread
        typed = [coerce(name) for name in names]
    else:
        with ThreadPoolExecutor(max_workers=4) as pool:
            typed = list(pool.map(coerce, names))
    unparsable = {name: wrong for name, (_, wrong) in zip(names, typed, strict=True) if wrong is not None}
    return pa.Table.from_arrays([cells for cells, _ in typed], names=names), unparsable


def coerce_column(texts: EncodedCells, column: Column, markers: tuple[str, ...]) -> tuple[Cells, Unparsable | None]:
    """Convert one column, as `coerce_table` does.

    Args:
        texts: (n,) without nulls, as in the file.
        column: The role of the column.
        markers: Its missing-value markers.
    """
    cells, wrong = _coerce(texts, column, markers)
    if wrong is not None and wrong.any():
        only_wrong = cells.null_count == len(cells)
        different = _read_differently(texts, column, only_wrong, wrong)
        if different is not None:
            cells, wrong = _coerce(EncodedCells(texts.map_values(different)), column, markers)
    return cells, None if wrong is None or not wrong.any() else _report(texts, column, wrong)


def find_missing(different: Array, markers: Iterable[str]) -> Array:
    """True for the texts, (m,) string, that are read as missing, (m,) bool."""
    missing: Array = pc.is_in(normalize_spaces(different), value_set=strings(markers))
    return missing


def describe_expected(column: Column, num_cells: int = 0) -> str:
    """The expected form of cells of a number or date column: ``dates written as YYYY-MM-DD``, ``a date …`` for one."""
    if column.kind == "date":
        return f"{plural(num_cells, 'a date', 'dates')} written as {to_notation(column.date_format or ISO_FORMAT)}"
    numbers = plural(num_cells, "a number", "numbers")
    return numbers if column.number_format is None else f"{numbers} written like {column.number_format.example}"


def _coerce(
    texts: EncodedCells, column: Column, markers: tuple[str, ...]
) -> tuple[Cells, npt.NDArray[np.bool_] | None]:
    """One typed column, and the mask of unparsable cells where there may be any."""
    if column.special_codes:
        return _coerce_with_codes(texts, column, markers)
    if column.kind == "numerical":
        return coerce_numbers(texts, column, markers)
    if column.kind == "date":
        return _coerce_dates(texts, column, markers)
    if column.kind == "categorical":
        return _coerce_categories(texts, column, markers), None
    if column.kind == "target":
        return _mark_missing(texts, markers), None
    return texts.cells, None


def _coerce_with_codes(
    texts: EncodedCells, column: Column, markers: tuple[str, ...]
) -> tuple[Cells, npt.NDArray[np.bool_] | None]:
    """A column with special codes, matched by their text, or by their value where the text is a value.

    A value that equals one of the codes by chance is unparsable.
    """
    special = strings(column.special_texts)
    others = tuple(marker for marker in markers if marker not in column.special_texts)
    own = None if column.missing_markers is None else others
    plain = column.model_copy(update={"special_texts": (), "missing_markers": own})
    cells, wrong = _coerce(texts, plain, (*others, *column.special_texts))
    values = _coerce(EncodedCells(pa.chunked_array([special])), plain, ())[0].combine_chunks()
    by_text = texts.map_values(pc.index_in(pc.utf8_trim_whitespace(texts.different), value_set=special))
    place = pc.coalesce(by_text, pc.index_in(cells, value_set=values, skip_nulls=True))
    numbers = pa.array(column.special_codes.values(), pa.float64())
    codes = numbers if column.kind == "numerical" else numbers.cast(pa.int32()).cast(pa.date32())
    taken = pc.is_in(cells, value_set=codes)
    if pc.any(taken, min_count=0).as_py():
        cells = pc.if_else(taken, pa.scalar(None, cells.type), cells)
        wrong = as_numpy(taken) if wrong is None else wrong | as_numpy(taken)
    return pc.if_else(pc.is_valid(place), codes.take(place.combine_chunks()), cells), wrong


def _read_differently(
    texts: EncodedCells, column: Column, only_wrong: bool, wrong: npt.NDArray[np.bool_]
) -> Array | None:
    """Alternative texts of the same values for the distinct cells, (m,); None where none applies.

    An apostrophe that protects a formula (``'-4,102.38``) is never part of a number or a date. True and false are the
    numbers 1 and 0 where a column holds nothing else, as in a file with a boolean type.
    """
    suspects = pc.unique(texts.cells.filter(pa.array(wrong)))
    if pc.any(pc.starts_with(suspects, "'"), min_count=0).as_py():
        return restore(texts.different)
    if column.kind == "numerical" and only_wrong and find_values(suspects) == "boolean":
        return to_canonical(texts.different, "binary")
    return None


def _coerce_categories(texts: EncodedCells, column: Column, markers: tuple[str, ...]) -> Cells:
    """The canonical text of each cell, null where missing; the same cells where nothing changes."""
    if column.values is None:
        return _mark_missing(texts, markers)
    different = texts.different
    canonical = to_canonical(different, column.values)
    # A marker matches its value in every spelling: '99' also matches '99.0' where the values are numbers.
    missing = pc.is_in(canonical, value_set=to_canonical(strings(markers), column.values))
    if canonical.equals(different) and not pc.any(missing, min_count=0).as_py():
        return texts.cells
    return texts.map_values(pc.if_else(missing, pa.scalar(None, pa.string()), canonical))


def _mark_missing(texts: EncodedCells, markers: tuple[str, ...]) -> Cells:
    """The cells with null in place of every missing marker; the others exactly as they are."""
    missing = as_numpy(find_missing(texts.different, markers))
    if not missing.any():
        return texts.cells
    marked: Cells = pc.if_else(pa.array(texts.map_marks(missing)), pa.scalar(None, pa.string()), texts.cells)
    return marked


def _coerce_dates(texts: EncodedCells, column: Column, markers: tuple[str, ...]) -> tuple[Cells, npt.NDArray[np.bool_]]:
    # A file has far fewer distinct days than rows: each is parsed once.
    different = texts.different
    present = pc.if_else(find_missing(different, markers), pa.scalar(None, pa.string()), different)
    date_format = column.date_format or ISO_FORMAT
    dates, wrong = read_dates(present, date_format, column.first_year)
    if column.extra_markers:
        # A marker that is a date matches that day in every format.
        days = read_dates(strings(column.extra_markers), date_format, column.first_year)[0].drop_null()
        dates = pc.if_else(pc.is_in(dates, value_set=days), pa.scalar(None, pa.date32()), dates)
    return texts.map_values(dates), texts.map_marks(wrong)


def _report(texts: EncodedCells, column: Column, wrong: npt.NDArray[np.bool_]) -> Unparsable:
    first = int(np.argmax(wrong))
    infinite, inexact = count_refused(texts, wrong, column)
    return Unparsable(
        count=int(np.count_nonzero(wrong)),
        first_value=texts.cells[first].as_py(),
        first_row=first + 1,
        mask=wrong,
        infinite=infinite,
        inexact=inexact,
    )


def _refuse(schema: Schema, unparsable: dict[str, Unparsable]) -> UnreadableCellsError:
    name, cells = next(iter(unparsable.items()))
    column, text = schema.column(name), repr(shorten(cells.first_value, 60))
    others = [repr(other) for other in unparsable if other != name]
    more = f" The same holds for {first_few(others, 5)}." if others else ""
    has = f"Column {name!r} has {count(cells.count, 'value that is', 'values that are')}"
    first = f"(first: {text} in row {cells.first_row:,})"
    marker = f"{text} to the missing-value markers"
    fact = f"{has} not {describe_expected(column, cells.count)} {first}."
    if cells.infinite == cells.count:
        fact = f"{has} infinite {first}; numbers must be finite."
        advice = f"Fix the file, or add {marker}."
    elif cells.inexact == cells.count:
        fact = f"{has} too long to be kept exactly as numbers {first}: whole numbers beyond 2^53 would be changed."
        advice = "Mark the column as identifier or categorical."
    elif column.kind == "date":
        advice = f"Choose the right date format, add {marker}, or mark the column as ignored."
    elif column.number_format is not None:
        advice = f"Add {marker}, choose how its numbers are written, or mark the column as ignored."
    else:
        advice = f"Add {marker} or mark the column as categorical."
    return UnreadableCellsError(fact, f"{advice}{more}", name, cells.first_value)
