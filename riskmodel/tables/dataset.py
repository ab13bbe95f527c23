"""`Dataset`: typed columns, their schema and a name; stored as one Parquet file identified by its hash."""

from __future__ import annotations

import hashlib
import os
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from riskmodel.errors import DataError, DataWarning
from riskmodel.tables.coercion.coercion import type_table
from riskmodel.tables.evidence.special_texts import describe_special_codes
from riskmodel.tables.files.source import check_regular
from riskmodel.tables.files.whole_file import whole_file
from riskmodel.tables.proposal.doubtful_columns import describe_doubtful_columns
from riskmodel.tables.proposal.proposal import Proposal, propose, resolve_formats
from riskmodel.tables.proposal.schema_changes import SchemaChanges
from riskmodel.tables.reading.frames import strings_from_frame, typed_in_frame
from riskmodel.tables.reading.open_table import Layout, excluded_rows, notes_of, open_table
from riskmodel.tables.reading.text.rejects import Rejects
from riskmodel.tables.schema.dialect import Dialect
from riskmodel.tables.schema.schema import Column, Schema
from riskmodel.tables.target.target import choose_outcomes, resolve_target
from riskmodel.tables.unreadable_rows import (
    count_rejected_rows,
    describe_rejected_rows,
    find_accepted_rows,
    find_rejected_rows,
)
from riskmodel.tables.values.outcomes import code_outcomes
from riskmodel.tables.versions import layout_for, next_schema

BELOW = "it stands below the table"
"""Reason for excluding the footer lines of a text."""
_SCHEMA_KEY = b"riskmodel.schema"
_NAME_KEY = b"riskmodel.name"
_HASH_BYTES = 1 << 20


@dataclass(frozen=True)
class Dataset:
    """Typed rows of customers.

    Attributes:
        table: One column per column of the schema, in its order and the file's row order. Numerical columns are
            float64 (null where missing, never NaN or infinite), categorical ones string (null where missing), dates
            date32; identifiers, the target and ignored columns are string, exactly as in the file except that missing
            markers in the target are null.
        schema: The role of each column, and the target's bad values.
        name: The name chosen by the analyst, usually the file's name.
        left_out: For a dataset just read from a file: number of excluded rows, by reason.

    Raises:
        DataError: The table's columns are not the schema's.
    """

    table: pa.Table
    schema: Schema
    name: str
    left_out: Mapping[str, int] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if tuple(self.table.column_names) != self.schema.names:
            raise DataError(
                f"Dataset {self.name!r} does not fit its schema: the table has columns {self.table.column_names}, "
                f"the schema {list(self.schema.names)}. Make both from the same file."
            )

    @property
    def num_rows(self) -> int:
        """Number of customers, labeled or not."""
        return int(self.table.num_rows)

    def bad(self) -> npt.NDArray[np.int8]:
        """Outcome of each row, (n,) int8: 1 bad, 0 good, -1 undetermined or missing.

        The array is computed once and must not be modified.

        Raises:
            DataError: No target or no bad value has been chosen.
        """
        return self._bad

    @cached_property
    def _bad(self) -> npt.NDArray[np.int8]:
        target, schema = self.schema.target, self.schema
        if target is None:
            raise DataError(f"Dataset {self.name!r} has no target. Mark the column that holds the outcome.")
        if not schema.bad_values:
            raise DataError(f"Target {target!r} has no bad value. Choose which of its values means a bad customer.")
        bad = code_outcomes(self.table[target], schema.bad_values, schema.good_values)
        bad.flags.writeable = False
        return bad

    def with_ignored(self, names: Iterable[str], raw: pa.Table) -> Dataset:
        """A copy in which the named columns are ignored; their cells are text again, as in the file.

        Args:
            names: Columns of the dataset other than the target.
            raw: The file from which the dataset was built, as `read_strings` returns it.

        Raises:
            DataError: A column is unknown or the target, or the file is not the source of this dataset.
        """
        return self.with_columns(self.schema.with_kinds(dict.fromkeys(names, "ignored")).columns, raw)

    def with_columns(self, columns: Iterable[Column], raw: pa.Table) -> Dataset:
        """A copy in which the given columns have other roles or formats; only these are read again from the file.

        Args:
            columns: Descriptions of columns of the dataset; formats that they lack are detected. The target is
                unchanged.
            raw: The file from which the dataset was built, as `read_strings` returns it.

        Raises:
            DataError: A column is the target, the file is not the source of this dataset, or a cell is not valid for
                the column's new kind (`UnreadableCellsError`).
        """
        raw = self.rows_of(raw)
        schema = self.schema.with_columns([column for column in columns if self.schema.column(column.name) != column])
        if schema.target != self.schema.target:
            raise DataError(f"Column {self.schema.target!r} is the target and keeps its role.")
        before = {column.name: column for column in self.schema.columns}
        schema = resolve_formats(raw, schema)
        kept = {column.name: self.table[column.name] for column in schema.columns if column == before[column.name]}
        return Dataset(type_table(raw, schema, kept), schema, self.name)

    def rows_of(self, raw: pa.Table) -> pa.Table:
        """The rows of its file that the dataset has, as text, (n, columns).

        Args:
            raw: The file from which the dataset was built, as `read_strings` returns it.

        Raises:
            DataError: The file is not the source of this dataset.
        """
        accepted = find_accepted_rows(raw, self.schema)
        raw = raw if accepted is None else accepted
        if tuple(raw.column_names) != self.schema.names or raw.num_rows != self.num_rows:
            raise DataError(
                f"Dataset {self.name!r} has {self.num_rows:,} rows and {len(self.schema.names)} columns, the file "
                f"{raw.num_rows:,} and {raw.num_columns}. Take the file that the dataset was made from."
            )
        return raw

    def with_rows(self, kept: npt.NDArray[np.bool_]) -> Dataset:
        """A copy with only the rows where `kept`, (n,) bool, is True."""
        return Dataset(self.table.filter(pa.array(kept)), self.schema, self.name)

    def write_parquet(self, path: str | os.PathLike[str]) -> None:
        """Write the dataset, including schema and name, as one Parquet file, atomically."""
        with whole_file(path) as stream:
            self.write(stream)

    def write(self, stream: IO[bytes]) -> None:
        """Write the content of `write_parquet` to an open file."""
        metadata = {_SCHEMA_KEY: self.schema.to_json().encode(), _NAME_KEY: self.name.encode()}
        pq.write_table(self.table.replace_schema_metadata(metadata), stream, compression="zstd")

    @classmethod
    def from_strings(cls, raw: pa.Table, schema: Schema, name: str, proposal: Proposal | None = None) -> Dataset:
        """Convert a raw table; a bad value and formats of dates and numbers that the schema lacks are detected.

        Args:
            raw: String columns without nulls, as `read_strings` returns them.
            schema: The role of each column.
            name: The name chosen by the analyst.
            proposal: The proposal on which the schema is based; its converted columns are reused.

        Raises:
            DataError: As `resolve_target` and `type_table`.
        """
        complete = resolve_formats(raw, resolve_target(raw, schema))
        typed = proposal.typed_for(complete) if proposal is not None else None
        accepted = find_accepted_rows(raw, complete)
        if accepted is not None:
            return cls(type_table(accepted, complete), complete, name)
        return cls(type_table(raw, complete, typed), complete, name)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, schema: Schema, name: str = "data frame") -> Dataset:
        """Convert a data frame, (n, c); errors as for `strings_from_frame` and `from_strings`.

        Numerical columns of the frame use the plain number format, whatever format the schema sets for texts.
        """
        raw = strings_from_frame(frame)
        typed = [name for name in typed_in_frame(frame) if name in schema.numerical]
        return cls.from_strings(raw, schema.written_plainly(typed), name)

    @classmethod
    def from_file(
        cls,
        path: str | os.PathLike[str],
        *,
        target: str,
        bad: str | Iterable[str] | None = None,
        good: str | Iterable[str] | None = None,
        identifiers: Iterable[str] = (),
        how: Layout | None = None,
        rejects: str | os.PathLike[str] | None = None,
        schema: Schema | None = None,
        changes: SchemaChanges | None = None,
    ) -> Dataset:
        """Read a file with the proposed schema and the given changes.

        Args:
            path: A delimited text file, a workbook, or any other format that `open_table` accepts.
            target: The column of the outcome.
            bad: Values of the target that mean bad; proposed by `propose_outcomes` when None.
            good: Values that mean good, all others then being undetermined; when None, all values that are not bad.
            identifiers: Columns that identify the customer.
            how: The dialect of a text file or the layout of a workbook; detected from the content when None.
            rejects: A CSV file for rejected rows, with line numbers and reasons: malformed rows (an error if None),
                and rows rejected for unreadable cells.
            schema: Schema of a file of the same kind, used instead of the proposal; columns it lacks are ignored.
            changes: Changes to the proposed kinds and formats of columns.

        Raises:
            DataError: As `open_table`, `propose_schema`, `SchemaChanges.apply`, `resolve_target` and `type_table`.
            OSError: The file of rejected rows cannot be written.

        Warns:
            DataWarning: How the file was read, columns with ambiguous numbers or dates, and columns whose unreadable
                cells are proposed as missing, are special codes, or reject their rows.
        """
        if how is None and schema is not None:
            how = layout_for(path, schema.layout)
        reader = open_table(path, how)
        raw, aside = (reader.read_all(), Rejects.of(())) if rejects is None else reader.read_all_but_rejects()
        if rejects is not None:
            aside.write_csv(rejects)
        for note in dict.fromkeys([*notes_of(reader, how), *filter(None, [aside.describe()])]):
            warnings.warn(note, DataWarning, stacklevel=2)
        schema, proposal = _take_schema(raw, target, schema)
        schema = schema.with_kinds(dict.fromkeys(identifiers, "identifier"))
        if changes is not None:
            schema = changes.apply(schema, raw)
        schema = schema.with_layout(reader.layout)
        for note in describe_doubtful_columns(schema):
            warnings.warn(note, DataWarning, stacklevel=2)
        schema = choose_outcomes(raw, schema, bad, good)
        dataset = cls.from_strings(raw, schema, Path(path).name, proposal)
        if rejects is not None and dataset.num_rows < raw.num_rows:
            aside.joined(find_rejected_rows(path, reader, raw, dataset.schema)).write_csv(rejects)
        for note in (*describe_special_codes(dataset.schema), *describe_rejected_rows(raw, dataset.schema)):
            warnings.warn(note, DataWarning, stacklevel=2)
        left_out = (excluded_rows(reader) if rejects is None else aside).count_reasons()
        below = reader.layout.footer_lines if isinstance(reader.layout, Dialect) else 0
        left_out |= {BELOW: below} if below else {}
        return replace(dataset, left_out=left_out | count_rejected_rows(raw, dataset.schema))

    @classmethod
    def read_parquet(cls, path: str | os.PathLike[str]) -> Dataset:
        """Read a file written by `write_parquet`.

        Raises:
            DataError: The file does not exist, or is not a dataset of this program.
        """
        try:
            table = pq.read_table(Path(path))
        except FileNotFoundError as error:
            raise DataError(f"There is no dataset file {os.fspath(path)!r}. Choose an existing one.") from error
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise DataError(f"{os.fspath(path)!r} is not a readable Parquet file: {error}") from error
        metadata = table.schema.metadata or {}
        if _SCHEMA_KEY not in metadata:
            raise DataError(f"{os.fspath(path)!r} is not a dataset of this program: its schema is missing.")
        schema = Schema.from_json(metadata[_SCHEMA_KEY])
        return cls(table.replace_schema_metadata(None), schema, metadata[_NAME_KEY].decode())


def _take_schema(raw: pa.Table, target: str, schema: Schema | None) -> tuple[Schema, Proposal | None]:
    """The given schema adapted to a file, or the proposed one with its proposal."""
    if schema is None:
        proposal = propose(raw, target)
        return proposal.schema, proposal
    fitted = next_schema(schema, raw)
    return fitted if fitted.target == target else fitted.with_target(target), None


def dataset_id(path: str | os.PathLike[str]) -> str:
    """First 16 hexadecimal digits of the SHA-256 of the file's bytes, used as the dataset's id."""
    check_regular(path)
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while chunk := stream.read(_HASH_BYTES):
            digest.update(chunk)
    return digest.hexdigest()[:16]
