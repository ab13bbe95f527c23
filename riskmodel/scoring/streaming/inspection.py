"""Checks of a file before scoring: differences from the training data."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa

from riskmodel.features.summary import UnseenLevels
from riskmodel.scoring.model.ranges import OutsideCells, count_outside
from riskmodel.scoring.model.report import BrokenRows, UnparsableCells, UnseenCells
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.scoring.streaming.in_order import work_in_order
from riskmodel.scoring.streaming.layouts import describe_differences, describe_renamed, fitting_layout, restore_names
from riskmodel.scoring.streaming.tally import MISREAD_SHARE, CellTally
from riskmodel.scoring.streaming.writing import AS_IN_TRAINING, Writing
from riskmodel.tables.coercion.coercion import Unparsable, coerce_table, describe_expected
from riskmodel.tables.evidence.writing_guess import WritingGuess
from riskmodel.tables.reading.open_table import Layout, notes_of, open_table
from riskmodel.tables.reading.text.blocks import Block
from riskmodel.tables.schema.matching import ColumnMatch
from riskmodel.tables.schema.schema import ColumnKind
from riskmodel.wording import count, shorten

MOSTLY = 0.5
"""Share of unreadable cells at which a column counts as changed in type."""
MUCH_MORE_MISSING = 0.05
"""Increase of the share of missing cells that is reported."""
_MAX_LEVELS = 5


@dataclass(frozen=True)
class ColumnInspection:
    """Inspection of one column of the model.

    Attributes:
        name: its name.
        kind: its kind in the model.
        num_rows: checked rows: all readable rows of the file.
        num_missing: missing cells.
        missing_in_training: share in [0, 1] of missing cells in the training file; None if unknown.
        unparsable: cells that are neither missing nor valid; None without any.
        expected: what the model expects, such as ``numbers``; empty for categories.
        rescaled: reason that its numbers likely have another scale than in training, or empty.
        guess: the likely format of the unparsable cells; None if unknown.
        unseen: cells with an unseen category; None without any.
        unseen_values: the first distinct unseen categories.
        outside: numbers outside the range of the training file; None if most are within it.
    """

    name: str
    kind: ColumnKind
    num_rows: int
    num_missing: int
    missing_in_training: float | None = None
    unparsable: UnparsableCells | None = None
    expected: str = ""
    guess: WritingGuess | None = None
    rescaled: str = ""
    unseen: UnseenCells | None = None
    unseen_values: tuple[str, ...] = ()
    outside: OutsideCells | None = None

    @property
    def num_unseen(self) -> int:
        """Number of cells with an unseen category."""
        return self.unseen.count if self.unseen else 0

    @property
    def missing_share(self) -> float:
        """Share in [0, 1] of cells that are missing."""
        return self.num_missing / self.num_rows if self.num_rows else 0.0

    @property
    def misses_more(self) -> bool:
        """Whether the share of missing cells is much higher than in the training file."""
        before = self.missing_in_training
        return before is not None and self.missing_share >= before + MUCH_MORE_MISSING

    @property
    def unparsable_share(self) -> float:
        """Share in [0, 1] of the cells that are not missing which cannot be read."""
        return self.unparsable.count / (self.num_rows - self.num_missing) if self.unparsable else 0.0

    @property
    def has_changed_type(self) -> bool:
        """Whether most cells are not of the column's type in training."""
        return self.unparsable_share >= MOSTLY

    @property
    def may_be_misread(self) -> bool:
        """Whether the column seems to have another format, so that its readable cells may be misread."""
        return bool(self.rescaled) or (self.guess is not None and self.unparsable_share >= MISREAD_SHARE)

    def describe_unparsable(self) -> str:
        """Message on unreadable cells, with advice; empty without any."""
        if self.unparsable is None:
            return self.rescaled
        first = shorten(self.unparsable.first_value, 60)
        many = count(self.unparsable.count, "cell is not", "cells are not")
        if self.has_changed_type:
            share = self.unparsable_share
            many = "none of the cells are" if share == 1.0 else f"{min(100 * share, 99.9):.3g}% of the cells are not"
        where = f"first '{first}' in row {self.unparsable.first_row:,}"
        sentence = f"'{self.name}': {many} {self.expected}, {where}."
        return f"{sentence} {self.describe_guess()}".rstrip()

    def describe_guess(self) -> str:
        """The likely format of the unparsable cells, with advice; empty if unknown."""
        return self.guess.describe() if self.guess else ""


@dataclass(frozen=True)
class FileInspection:
    """Inspection of a file before scoring.

    Attributes:
        num_rows: rows of the file, all read.
        read_as: description of the detected format.
        differences: format differences from the training file, as texts.
        notes: messages for the analyst.
        match: its columns against the model's.
        columns: the model's columns that the file has.
        broken: unreadable rows; None without any.
        num_scorable: rows that can be scored.
        outcomes: rows by outcome if the file has the target, as in `ScoringReport`; else empty.
    """

    num_rows: int
    read_as: str
    differences: tuple[str, ...]
    notes: tuple[str, ...]
    match: ColumnMatch
    columns: tuple[ColumnInspection, ...]
    broken: BrokenRows | None = None
    num_scorable: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)

    @property
    def changed(self) -> tuple[ColumnInspection, ...]:
        """Columns with a changed type or a likely different format."""
        return tuple(column for column in self.columns if column.has_changed_type or column.may_be_misread)

    @property
    def can_be_scored(self) -> bool:
        """Whether the file has all columns of the model, and a row that can be scored."""
        return not self.match.missing and self.num_scorable > 0

    @property
    def excessive(self) -> tuple[ColumnInspection, ...]:
        """Columns with far more unseen categories than expected, largest share first."""
        found = [column for column in self.columns if column.unseen and column.unseen.is_excessive]
        return tuple(sorted(found, key=lambda column: -column.unseen.share if column.unseen else 0.0))

    @property
    def needs_force(self) -> bool:
        """Whether a column has no category of the training data, or is misread, so that `score_file` refuses it."""
        unknown = any(column.unseen.is_total for column in self.excessive if column.unseen)
        return unknown or any(column.may_be_misread for column in self.columns)

    def to_dict(self) -> dict[str, Any]:
        """Plain values that ``json`` can write."""
        columns = [
            {**asdict(column), "num_unseen": column.num_unseen, "looks_like": column.describe_guess()}
            for column in self.columns
        ]
        return {**asdict(self), "columns": columns}


def inspect_file(
    model: RiskModel,
    source: str | os.PathLike[str],
    how: Layout | None = None,
    on_progress: Callable[[int], None] | None = None,
    writing: Writing = AS_IN_TRAINING,
) -> FileInspection:
    """Read all rows of a file as for scoring, and count problems; nothing is written.

    Args:
        model: the model for scoring.
        source: a table in any format of `open_table`, of any size.
        how, writing: as for `score_file`.
        on_progress: called with the number of rows done so far.

    Raises:
        DataError: the file or none of its rows can be read, or `writing` is not for the model's columns. Missing
            columns are no error here.

    Example:
        >>> inspect_file(model, "customers.csv").changed  # doctest: +SKIP
        ()
    """
    model = writing.apply(model)
    layout = how or fitting_layout(source, model.schema.layout, model.columns)
    reader = open_table(source, layout)
    names = writing.rename(restore_names(reader.names, model.columns, model.schema.names), model.columns)
    match = model.match(names)
    counts = _Counts(model, match.found, names)
    for findings in work_in_order(partial(_inspect, model, match.found, names), reader.blocks()):
        counts.add_findings(findings)
        if on_progress is not None:
            on_progress(counts.num_rows)
    return FileInspection(
        num_rows=counts.num_rows,
        read_as=reader.description,
        differences=describe_differences(reader.layout, model.schema.layout),
        notes=(
            *describe_renamed(reader.names, names, writing.sources),
            *notes_of(reader, reader.layout),
            *writing.notes(model),
            *counts.notes,
        ),
        match=match,
        columns=tuple(counts.column(name) for name in match.found),
        broken=counts.broken,
        num_scorable=counts.num_scorable,
        outcomes=counts.outcomes,
    )


@dataclass(frozen=True, eq=False)
class _Findings:
    """Findings in a block of rows."""

    block: Block
    unparsable: dict[str, Unparsable]
    unseen: dict[str, UnseenLevels]
    num_null: dict[str, int]
    outside: dict[str, OutsideCells]


def _inspect(model: RiskModel, names: tuple[str, ...], all_names: list[str], block: Block) -> _Findings:
    raw = pa.Table.from_batches([block.rows.rename_columns(all_names)])
    typed, unparsable = coerce_table(raw, model.schema, names)
    unseen = model.preprocessor.unseen_levels(typed)
    ranges = {name: ends for name, ends in model.reference.training_ranges.items() if name in names}
    outside = count_outside(typed, ranges)
    return _Findings(block, unparsable, unseen, {name: typed[name].null_count for name in names}, outside)


class _Counts(CellTally):
    """Sums the findings."""

    def __init__(self, model: RiskModel, names: tuple[str, ...], all_names: list[str]) -> None:
        super().__init__(model, all_names)
        self.num_scorable = 0
        self._num_whole = 0
        self._num_null = dict.fromkeys(names, 0)
        self._levels: dict[str, dict[str, None]] = {}

    def add_findings(self, findings: _Findings) -> None:
        """Add the next rows of the file."""
        num_rows = findings.block.rows.num_rows
        num_present = {name: num_rows - count for name, count in findings.num_null.items()}
        self.add(findings.block, findings.unparsable, findings.unseen, num_present, findings.outside)
        self._num_whole += num_rows
        failed = np.zeros(num_rows, np.bool_)
        for cells in findings.unparsable.values():
            failed |= cells.mask
        self.num_scorable += int(np.count_nonzero(~failed))
        for name, num_null in findings.num_null.items():
            self._num_null[name] += num_null
        for name, levels in findings.unseen.items():
            self._levels.setdefault(name, {}).update(dict.fromkeys(levels.first_values))

    def column(self, name: str) -> ColumnInspection:
        """The findings of one column."""
        column = self._model.schema.column(name)
        unparsable = self.unparsable.get(name)
        num_unparsable = unparsable.count if unparsable else 0
        return ColumnInspection(
            name=name,
            kind=column.kind,
            num_rows=self._num_whole,
            num_missing=self._num_null[name] - num_unparsable,
            missing_in_training=self._model.reference.training_missing_shares.get(name),
            unparsable=unparsable,
            expected="" if column.kind == "categorical" else describe_expected(column, num_unparsable),
            guess=self.guess_writing(name),
            rescaled=self.describe_rescaled(name),
            unseen=self.unseen.get(name),
            unseen_values=tuple(self._levels.get(name, ()))[:_MAX_LEVELS],
            outside=self.outside.get(name),
        )
