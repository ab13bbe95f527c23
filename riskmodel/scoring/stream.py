"""Files of any size: read in batches, scored by several threads, written in order."""

from __future__ import annotations

import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from riskmodel.errors import DataError
from riskmodel.scoring.csv_text import BYTE_ORDER_MARK, write_header, write_rows
from riskmodel.scoring.layouts import fitting_layout
from riskmodel.scoring.report import NUM_PROBABILITY_BINS, ScoringReport, UnparsableCells, UnseenCells
from riskmodel.scoring.risk_model import RiskModel, ScoredBatch
from riskmodel.tables.formats import Layout, TableReader, notes_of, open_table
from riskmodel.tables.whole_file import whole_file

__all__ = ["ScoringReport", "score_file"]

ADDED = ("probability", "score", "band", "reason")
_MOST_WORKERS = 8


def score_file(
    model: RiskModel,
    source: str | os.PathLike[str],
    *,
    output_csv: str | os.PathLike[str] | None = None,
    output_parquet: str | os.PathLike[str] | None = None,
    on_progress: Callable[[int], None] | None = None,
    how: Layout | None = None,
    byte_order_mark: bool = False,
) -> ScoringReport:
    """Score a file of customers: every row and column in order and unaltered, then probability, score, band, reason.

    Columns are found by name. Rows with a cell that cannot be read get a reason and no score; categories that
    training never saw are scored as unknown and counted. Output files appear whole or not at all.

    Args:
        model: what to score with.
        source: a table of any format that `open_table` takes, of any size.
        output_csv: UTF-8 with commas; text cells that a spreadsheet would run as a formula get an apostrophe.
        byte_order_mark: whether the CSV begins with the mark by which Excel knows UTF-8.
        output_parquet: the same columns, text as text, probability float64, score int32.
        on_progress: called with the number of rows done so far.
        how: how a text is written, or which sheet of a workbook; as the training file was or
            as the content says when None.

    Returns:
        Counts, by column where something was noticed.

    Raises:
        DataError: the file cannot be read, lacks a column of the model, or is also the output.
        OSError: the disk refuses.

    Example:
        >>> report = score_file(model, "customers.csv", output_csv="scored.csv")  # doctest: +SKIP
    """
    started = time.perf_counter()
    layout = how or fitting_layout(source, model.schema.layout, model.columns)
    reader = open_table(source, layout)
    notes = notes_of(reader, how)
    match = model.match(reader.names)
    match.check()
    added = name_added_columns(reader.names)
    tally = _Tally(model)
    with ExitStack() as stack:
        csv = stack.enter_context(_new_file(output_csv, source)) if output_csv is not None else None
        parquet = stack.enter_context(_new_file(output_parquet, source)) if output_parquet is not None else None
        schema = _output_schema(reader.names, added)
        if csv is not None:
            csv.write((BYTE_ORDER_MARK if byte_order_mark else b"") + write_header(schema.names))
        table = stack.enter_context(pq.ParquetWriter(parquet, schema, compression="zstd")) if parquet else None
        for piece in _score_in_order(model, reader, schema, csv is not None, table is not None):
            if csv is not None and piece.text is not None:
                csv.write(piece.text)
            if table is not None and piece.rows is not None:
                table.write_batch(piece.rows)
            tally.add(piece.scored)
            if on_progress is not None:
                on_progress(tally.num_rows)
    return tally.report(time.perf_counter() - started, match.extra, added, reader.description, notes)


def name_added_columns(names: list[str]) -> tuple[str, ...]:
    """Names of the four new columns; ``model_`` goes before one that the file has already, as often as needed."""
    taken = set(names)
    added = []
    for name in ADDED:
        new = name
        while new in taken:
            new = f"model_{new}"
        added.append(new)
    return tuple(added)


@dataclass(frozen=True)
class _Piece:
    """One batch, scored, and as it is to be written."""

    scored: ScoredBatch
    text: pa.Buffer | None
    rows: pa.RecordBatch | None


def _score_in_order(
    model: RiskModel, reader: TableReader, schema: pa.Schema, as_text: bool, as_rows: bool
) -> Iterator[_Piece]:
    """Batches are scored side by side and handed out in the file's order; few are kept in memory at a time."""
    workers = min(_MOST_WORKERS, os.cpu_count() or 1)
    waiting: deque[Future[_Piece]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for batch in reader:
                waiting.append(pool.submit(_score_piece, model, batch, schema, as_text, as_rows))
                if len(waiting) > workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _score_piece(model: RiskModel, batch: pa.RecordBatch, schema: pa.Schema, as_text: bool, as_rows: bool) -> _Piece:
    scored = model.score_batch(batch)
    failed = np.isnan(scored.probability)
    columns = [
        *batch.columns,
        pa.array(scored.probability, mask=failed),
        pa.array(np.nan_to_num(scored.score).astype(np.int32), mask=failed),
        scored.band,
        scored.reason,
    ]
    rows = pa.RecordBatch.from_arrays(columns, schema=schema)
    numbers = set(model.schema.numerical).intersection(model.columns) - set(scored.unparsable)
    return _Piece(scored, write_rows(rows, numbers) if as_text else None, rows if as_rows else None)


def _output_schema(names: list[str], added: tuple[str, ...]) -> pa.Schema:
    kinds: tuple[pa.DataType, ...] = (pa.float64(), pa.int32(), pa.string(), pa.string())
    fields: list[tuple[str, pa.DataType]] = [(name, pa.string()) for name in names]
    fields.extend(zip(added, kinds, strict=True))
    return pa.schema(fields)


@contextmanager
def _new_file(path: str | os.PathLike[str], source: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """The output file, which must not be the one that is read."""
    final = Path(path)
    if final.exists() and final.samefile(source):
        raise DataError(f"The scores would overwrite the file they come from, '{final}'. Choose another output file.")
    with whole_file(final) as stream:
        yield stream


class _Tally:
    """Adds up the batches' counts."""

    def __init__(self, model: RiskModel) -> None:
        self.num_rows = 0
        self._model = model
        self._num_scored = 0
        self._not_scored: Counter[str] = Counter()
        self._bands: Counter[str] = Counter()
        self._counts: npt.NDArray[np.int64] = np.zeros(NUM_PROBABILITY_BINS, np.int64)
        self._unseen: dict[str, UnseenCells] = {}
        self._unparsable: dict[str, UnparsableCells] = {}

    def add(self, batch: ScoredBatch) -> None:
        scored = batch.probability[~np.isnan(batch.probability)]
        for name, cells in batch.unparsable.items():
            first = self._unparsable.get(name)
            self._unparsable[name] = (
                UnparsableCells(first.count + cells.count, first.first_value, first.first_row)
                if first
                else UnparsableCells(cells.count, cells.first_value, self.num_rows + cells.first_row)
            )
        for name, levels in batch.unseen.items():
            known = self._unseen.get(name)
            self._unseen[name] = (
                UnseenCells(known.count + levels.count, known.first_value)
                if known
                else UnseenCells(levels.count, levels.first_value)
            )
        if len(scored) < len(batch.probability):
            self._add_reasons(batch)
        self._bands.update(band for band in batch.band.to_pylist() if band is not None)
        self._counts += np.histogram(scored, NUM_PROBABILITY_BINS, (0.0, 1.0))[0]
        self._num_scored += len(scored)
        self.num_rows += len(batch.probability)

    def _add_reasons(self, batch: ScoredBatch) -> None:
        """Each row is counted once, by the first of its columns."""
        counted = np.zeros(len(batch.probability), np.bool_)
        for name, cells in batch.unparsable.items():
            self._not_scored[self._model.why(name)] += int(np.count_nonzero(cells.mask & ~counted))
            counted |= cells.mask

    def report(
        self, seconds: float, extra: tuple[str, ...], added: tuple[str, ...], read_as: str, notes: tuple[str, ...]
    ) -> ScoringReport:
        return ScoringReport(
            num_rows=self.num_rows,
            num_scored=self._num_scored,
            not_scored={why: count for why, count in self._not_scored.items() if count},
            unseen=self._unseen,
            unparsable=self._unparsable,
            band_counts={band: self._bands[band] for band in self._model.scale.bands},
            probability_counts=tuple(int(count) for count in self._counts),
            seconds=seconds,
            extra_columns=extra,
            output_columns=added,
            read_as=read_as,
            notes=notes,
        )
