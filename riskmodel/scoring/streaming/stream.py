"""Files of any size: read in batches, scored in parallel, written in order."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from riskmodel.errors import DataError
from riskmodel.features.summary import UnseenLevels
from riskmodel.scoring.model.report import ScoringReport, UnseenCells
from riskmodel.scoring.model.risk_model import RiskModel, ScoredBatch
from riskmodel.scoring.streaming.csv_text import BYTE_ORDER_MARK, write_header, write_rows
from riskmodel.scoring.streaming.in_order import work_in_order
from riskmodel.scoring.streaming.layouts import describe_renamed, fitting_layout, restore_names
from riskmodel.scoring.streaming.tally import ScoreTally
from riskmodel.scoring.streaming.trained_rows import TrainedCustomers
from riskmodel.scoring.streaming.writing import AS_IN_TRAINING, Writing
from riskmodel.tables.arrow import Array, pc, strings
from riskmodel.tables.files.whole_file import whole_file
from riskmodel.tables.reading.open_table import Layout, TableReader, notes_of, open_table
from riskmodel.tables.reading.text.blocks import Block
from riskmodel.tables.schema.matching import ColumnMatch

__all__ = ["ScoringReport", "score_file"]

ADDED = ("probability", "score", "band", "reason")
WARNINGS = "warnings"


def score_file(
    model: RiskModel,
    source: str | os.PathLike[str],
    *,
    output_csv: str | os.PathLike[str] | None = None,
    output_parquet: str | os.PathLike[str] | None = None,
    on_progress: Callable[[int], None] | None = None,
    how: Layout | None = None,
    writing: Writing = AS_IN_TRAINING,
    byte_order_mark: bool = False,
    warnings: bool = False,
    force: bool = False,
    on_unseen: Callable[[str, UnseenCells], None] | None = None,
    trained: TrainedCustomers | None = None,
) -> ScoringReport:
    """Score a file of customers: all rows and columns in order and unchanged, then probability, score, band, reason.

    Rows with a cell that cannot be read get a reason and no score; unseen categories are scored as unknown and counted.
    An unreadable row keeps its place: its cells are empty (null in Parquet), its reason ends with the row as in the
    file. Files are written atomically. Returns counts, by column with findings.

    Args:
        model: the model.
        source: a table in any format of `open_table`, of any size.
        output_csv: UTF-8 with commas; text cells that a spreadsheet would run as a formula get an apostrophe.
        output_parquet: the same columns, text as text, probability float64, score int32.
        on_progress: called with the number of rows done so far.
        byte_order_mark: whether the CSV begins with a byte order mark, so that Excel detects UTF-8.
        warnings: whether to add a column ``warnings`` that names the row's columns with an unseen category.
        force: whether to score even if a column has no known category or seems to have another format.
        on_unseen: called once for each column with over 20% unseen categories: after the first block, or at the end.
        how, writing: layout, formats and column names of the file, where not detected or as in the training file.
        trained: the customers the model was trained on; those in the file are counted.

    Raises:
        DataError: the file or none of its rows can be read, it lacks a column of the model, or is also the output;
            `writing` is not for the model's columns; or `force` is needed. No file is written then.
        OSError: disk full or no permission.

    Example:
        >>> report = score_file(model, "customers.csv", output_csv="scored.csv")  # doctest: +SKIP
    """
    started, model = time.perf_counter(), writing.apply(model)
    reader, names, match = _open_input(model, source, how, writing)
    added = name_added_columns(reader.names, (*ADDED, WARNINGS) if warnings else ADDED)
    tally, reported = ScoreTally(model, names, trained), set[str]()
    schema = _output_schema(reader.names, added)
    with _open_outputs(source, output_csv, output_parquet, schema, byte_order_mark) as outputs:
        score = partial(_score_piece, model, names, schema, output_csv is not None, output_parquet is not None)
        for number, piece in enumerate(work_in_order(score, reader.blocks())):
            tally.add_scored(piece.block, piece.scored)
            if number == 0:
                _report_unseen(tally, reported, force, on_unseen)
            outputs.write(piece)
            if on_progress is not None:
                on_progress(tally.num_rows)
        tally.check(force)
        _report_unseen(tally, reported, force, on_unseen)
    notes = (*describe_renamed(reader.names, names, writing.sources), *notes_of(reader, how), *writing.notes(model))
    return tally.report(time.perf_counter() - started, match.extra, added, reader.description, notes)


def _open_input(
    model: RiskModel, source: str | os.PathLike[str], how: Layout | None, writing: Writing
) -> tuple[TableReader, list[str], ColumnMatch]:
    """The reader of a file, its column names as in the model, and their match; errors as for `score_file`."""
    reader = open_table(source, how or fitting_layout(source, model.schema.layout, model.columns))
    names = writing.rename(restore_names(reader.names, model.columns, model.schema.names), model.columns)
    match = model.match(names)
    match.check()
    return reader, names, match


def name_added_columns(names: list[str], columns: tuple[str, ...] = ADDED) -> tuple[str, ...]:
    """Names of the new columns; prefixed with ``model_`` while the file has the name."""
    taken = set(names)
    added = []
    for name in columns:
        new = name
        while new in taken:
            new = f"model_{new}"
        added.append(new)
    return tuple(added)


def _report_unseen(
    tally: ScoreTally, reported: set[str], force: bool, on_unseen: Callable[[str, UnseenCells], None] | None
) -> None:
    """Report the columns with too many unseen categories that have not been reported.

    Without force, a column of only unseen categories is an error at the end.
    """
    for name, cells in tally.unseen.items():
        is_due = cells.is_excessive and (force or not cells.is_total)
        if is_due and name not in reported and on_unseen is not None:
            reported.add(name)
            on_unseen(name, cells)


@dataclass(frozen=True)
class _Piece:
    """A scored block, ready for writing."""

    block: Block
    scored: ScoredBatch
    text: pa.Buffer | None
    rows: pa.RecordBatch | None


@dataclass(frozen=True)
class _Outputs:
    """The output files; None if not requested."""

    csv: IO[bytes] | None
    parquet: pq.ParquetWriter | None

    def write(self, piece: _Piece) -> None:
        if self.csv is not None and piece.text is not None:
            self.csv.write(piece.text)
        if self.parquet is not None and piece.rows is not None:
            self.parquet.write_batch(piece.rows)


@contextmanager
def _open_outputs(
    source: str | os.PathLike[str],
    output_csv: str | os.PathLike[str] | None,
    output_parquet: str | os.PathLike[str] | None,
    schema: pa.Schema,
    byte_order_mark: bool,
) -> Iterator[_Outputs]:
    """The output files, the CSV with its header; removed on an error."""
    with ExitStack() as stack:
        csv = stack.enter_context(_new_file(output_csv, source)) if output_csv is not None else None
        parquet = stack.enter_context(_new_file(output_parquet, source)) if output_parquet is not None else None
        if csv is not None:
            csv.write((BYTE_ORDER_MARK if byte_order_mark else b"") + write_header(schema.names))
        writer = None
        if parquet is not None:
            writer = pq.ParquetWriter(parquet, schema, compression="zstd", write_page_checksum=True)
            stack.enter_context(writer)
        yield _Outputs(csv, writer)


def _score_piece(
    model: RiskModel, names: list[str], schema: pa.Schema, as_text: bool, as_rows: bool, block: Block
) -> _Piece:
    """Score a block; `names` are the column names as in the model, `schema` is that of the output."""
    read = block.rows.rename_columns(names)
    scored = model.score_batch(read)
    failed = np.isnan(scored.probability)
    columns = [
        *block.rows.columns,
        pa.array(scored.probability, mask=failed),
        pa.array(np.nan_to_num(scored.score).astype(np.int32), mask=failed),
        scored.band,
        scored.reason,
    ]
    if len(schema) > len(columns):
        columns.append(_describe_unseen(read, scored.unseen))
    rows = pa.RecordBatch.from_arrays(columns, schema=schema)
    if block.broken:
        rows = _with_broken(rows, block, len(names) + ADDED.index("reason"))
    written = (model.schema.column(name) for name in model.columns if name not in scored.unparsable)
    # Special-code texts of numerical columns may be formulas.
    numbers = {
        column.name
        for column in written
        if column.kind == "numerical" and not (column.special_texts or column.extra_markers)
    }
    return _Piece(block, scored, write_rows(rows, numbers) if as_text else None, rows if as_rows else None)


def _describe_unseen(rows: pa.RecordBatch, unseen: Mapping[str, UnseenLevels]) -> Array:
    """Each row's unseen categories, (n,) string, such as ``'region' is not in the training data: 12``; null if none."""
    described: Array = pa.nulls(rows.num_rows, pa.string())
    for name, levels in unseen.items():
        words = pc.binary_join_element_wise(f"'{name}' is not in the training data", rows.column(name), ": ")
        own = pc.if_else(pa.array(levels.mask), words, None)
        described = pc.coalesce(pc.binary_join_element_wise(described, own, "; "), described, own)
    return described


def _with_broken(rows: pa.RecordBatch, block: Block, place: int) -> pa.RecordBatch:
    """The rows with the unreadable ones inserted: their cells are empty, and the reason contains their text."""
    spread = block.spread(rows)
    reasons: list[str | None] = [None] * block.num_rows
    for row in block.broken:
        reasons[row.place] = f"{row.describe()}: {row.text}"
    columns = spread.columns
    columns[place] = pc.coalesce(columns[place], strings(reasons))
    return pa.RecordBatch.from_arrays(columns, schema=rows.schema)


def _output_schema(names: list[str], added: tuple[str, ...]) -> pa.Schema:
    kinds: tuple[pa.DataType, ...] = (pa.float64(), pa.int32(), pa.string(), pa.string(), pa.string())[: len(added)]
    fields: list[tuple[str, pa.DataType]] = [(name, pa.string()) for name in names]
    fields.extend(zip(added, kinds, strict=True))
    return pa.schema(fields)


@contextmanager
def _new_file(path: str | os.PathLike[str], source: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """The output file, which must differ from the input."""
    final = Path(path)
    if final.exists() and final.samefile(source):
        raise DataError(f"The scores would overwrite the file they come from, '{final}'. Choose another output file.")
    with whole_file(final) as stream:
        yield stream
