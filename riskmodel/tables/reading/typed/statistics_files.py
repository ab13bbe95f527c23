"""Reads files of SAS, SPSS and Stata into strings.

Codes are kept: value labels (``1`` = ``married``) are not applied. Values that the file declares missing are
kept, since a lender's ``-99`` may be meaningful: SPSS's as their codes, the letters of SAS and Stata as ``.A`` or
``.a``; only the plain missing value is empty text. Declarations are returned by column (`declared`).
"""

from __future__ import annotations

import datetime
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from string import ascii_letters
from typing import Any, Literal

import pyarrow as pa
import pyreadstat

from riskmodel.errors import DataError
from riskmodel.tables.arrow import Array
from riskmodel.tables.files.source import DEFAULT_BLOCK_BYTES, show_name
from riskmodel.tables.reading.typed.cell_text import TimeForm, coarsest, find_time_form, to_text
from riskmodel.tables.reading.typed.typed_reader import TypedReader, damaged
from riskmodel.tables.schema.declarations import Declaration

StatisticsKind = Literal["sas", "xport", "spss", "stata"]

_READ: dict[StatisticsKind, Any] = {
    "sas": pyreadstat.read_sas7bdat,
    "xport": pyreadstat.read_xport,
    "spss": pyreadstat.read_sav,
    "stata": pyreadstat.read_dta,
}
_WORDS: dict[StatisticsKind, tuple[str, str]] = {
    "sas": ("SAS file", "a SAS file"),
    "xport": ("SAS transport file", "a SAS transport file"),
    "spss": ("SPSS file", "an SPSS file"),
    "stata": ("Stata file", "a Stata file"),
}
# Time formats: DATETIME, E8601DT, YMDHMS, %tc; formats of plain numbers (F8.2, BEST12, %9.0g) do not match.
_DATE_FORMAT = re.compile(r"DT|TIME|YMDHMS|DATE|%-?t|%-?d", re.IGNORECASE)
# The library reads each piece from the file's beginning, so small pieces are slow.
_MIN_ROWS = 20_000
_NAMED = 5
_LETTERS = tuple(f".{letter}" for letter in f"{ascii_letters}_")
"""The tagged missing values of SAS and Stata."""
_FAULTS = (
    pyreadstat.ReadstatError,
    pyreadstat.PyreadstatError,
    UnicodeDecodeError,
    OverflowError,
    ValueError,
    AttributeError,  # raised by the library for damaged column descriptions
)


class StatisticsReader(TypedReader):
    """A file of SAS, SPSS or Stata, its cells written as described in `cell_text`.

    A SAS transport file does not contain its number of rows, so truncation between two rows is not detectable.

    Args:
        path: The file.
        kind: Its format: "sas" (``.sas7bdat``), "xport" (``.xpt``), "spss" (``.sav``, ``.zsav``) or "stata".
        block_bytes: Approximate number of bytes per batch; a batch has at least 20,000 rows.

    Raises:
        DataError: The file is damaged, truncated or encrypted, or it has no columns.

    Example:
        >>> StatisticsReader("customers.sav", "spss").description  # doctest: +SKIP
        'SPSS file'
    """

    def __init__(
        self, path: str | os.PathLike[str], kind: StatisticsKind, block_bytes: int = DEFAULT_BLOCK_BYTES
    ) -> None:
        super().__init__(path, block_bytes)
        self._kind = kind
        _, about = self._read(metadataonly=True)
        self.description = _WORDS[kind][0]
        self.names: list[str] = about.column_names
        self._types: dict[str, str] = about.readstat_variable_types
        _check_names(path, self.names)
        self.declared = {name: self._declaration(name, about) for name in self.names}
        self._timed = self._find_timed(about.original_variable_types)
        self._forms: dict[str, TimeForm] | None = None

    def _batches(self) -> Iterator[pa.RecordBatch]:
        forms = self._find_forms()
        for cells in self._pieces():
            columns = [self._as_text(name, cells[name], forms.get(name, "fraction")) for name in self.names]
            yield pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def _declaration(self, name: str, about: Any) -> Declaration:
        """The missing values and labels of a column; SAS and Stata may mark any number as one of the missing ones."""
        is_text = self._types[name] == "string"
        missing = _LETTERS if self._kind in ("sas", "xport", "stata") and not is_text else ()
        pairs = [(low_high["lo"], low_high["hi"]) for low_high in about.missing_ranges.get(name, ())]
        labels = about.variable_value_labels.get(name, {})
        return Declaration(
            missing=(*missing, *(_code(lowest) for lowest, highest in pairs if lowest == highest)),
            missing_ranges=tuple(pair for pair in pairs if pair[0] != pair[1]),
            labels={_code(value, letters=not is_text): str(label) for value, label in labels.items()},
        )

    def _find_forms(self) -> dict[str, TimeForm]:
        """The form of each column's times, from a first pass over all of them."""
        if self._forms is None:
            forms: dict[str, TimeForm] = dict.fromkeys(self._timed, "day")
            if self._timed:
                for cells in self._pieces(self._timed):
                    for name in self._timed:
                        times = [value for value in cells[name] if isinstance(value, datetime.datetime)]
                        forms[name] = coarsest(forms[name], find_time_form(pa.array(times, pa.timestamp("us"))))
            self._forms = forms
        return self._forms

    def _find_timed(self, formats: dict[str, str | None]) -> list[str]:
        """Columns that may hold times: numbers with a display format that contains letters of date formats."""
        return [
            name for name in self.names if self._types[name] != "string" and _DATE_FORMAT.search(formats[name] or "")
        ]

    def _pieces(self, names: list[str] | None = None) -> Iterator[dict[str, list[Any]]]:
        """The cells of all columns or the named ones, in large pieces."""
        max_rows, offset = max(self._block_rows, _MIN_ROWS), 0
        while True:
            cells, _ = self._read(row_offset=offset, row_limit=max_rows, usecols=names)
            count = len(next(iter(cells.values())))
            if count:
                yield cells
            if count < max_rows:
                return
            offset += count

    def _read(self, **how: Any) -> tuple[dict[str, list[Any]], Any]:
        if self._kind != "xport":
            how["user_missing"] = True
        try:
            cells, about = _READ[self._kind](os.fspath(self._path), output_format="dict", **how)
        except _FAULTS as error:
            raise damaged(self._path, _WORDS[self._kind][1], error) from error
        return cells, about

    def _as_text(self, name: str, values: list[Any], form: TimeForm) -> Array:
        if self._types[name] == "string" or str not in set(map(type, values)):
            return to_text(_typed(values, self._types[name]), form)
        plain = [None if isinstance(value, str) else value for value in values]
        texts = to_text(_typed(plain, self._types[name]), form).to_pylist()
        return pa.array(
            [f".{value}" if isinstance(value, str) else text for value, text in zip(values, texts, strict=True)],
            pa.string(),
        )


def _code(value: Any, letters: bool = False) -> str:
    """A declared value as the text of its cells; letters of SAS and Stata have a leading point."""
    if isinstance(value, str):
        return f".{value}" if letters else value
    return str(to_text(pa.array([float(value)]))[0])


def _typed(values: list[Any], declared: str) -> Any:
    """Python values of one column as an Arrow array."""
    kinds = set(map(type, values)) - {type(None)}
    if datetime.datetime in kinds:
        return pa.array(values, pa.timestamp("us"))
    if kinds <= {float, int} and float in kinds:
        # Stata's floats have 32 bits: 0.10000000149011612 stands for 0.1.
        return pa.array(values, pa.float32() if declared == "float" else pa.float64())
    return pa.array(values) if kinds else pa.array(values, pa.string())


def _check_names(path: str | os.PathLike[str], names: Sequence[str]) -> None:
    """Check that there are columns with distinct names, as the programs guarantee.

    The library returns cells by column name, so the first of two columns with the same name would be lost.
    """
    if not names:
        raise DataError(f"File {show_name(path)} has no columns. Choose a table of customers.")
    blank = [number for number, name in enumerate(names, 1) if not name.strip()]
    if blank:
        raise DataError(
            f"File {show_name(path)} has no name for column {', '.join(map(str, blank[:_NAMED]))} of {len(names)}. "
            "Give every column a name."
        )
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        places = [str(number) for number, name in enumerate(names, 1) if name == twice[0]]
        raise DataError(
            f"File {show_name(path)} has the column name {twice[0]!r} more than once (columns {', '.join(places)}). "
            "Column names must be unique: rename one."
        )
