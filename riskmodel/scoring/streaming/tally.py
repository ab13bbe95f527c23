"""Counts of a scored file, summed over blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.errors import DataError
from riskmodel.features.summary import UnseenLevels
from riskmodel.scoring.model.ranges import OutsideCells, add_outside, describe_rescaled, find_rescaled
from riskmodel.scoring.model.report import (
    NUM_PROBABILITY_BINS,
    OUTCOMES,
    BrokenRows,
    ScoringReport,
    UnparsableCells,
    UnseenCells,
)
from riskmodel.scoring.model.risk_model import NOT_FINITE, RiskModel, ScoredBatch
from riskmodel.scoring.model.stability import add_counts, compare_columns, compute_stability
from riskmodel.scoring.streaming.declared import DeclaredTally
from riskmodel.scoring.streaming.trained_rows import TrainedCustomers, TrainedTally
from riskmodel.tables.arrow import as_numpy, pc
from riskmodel.tables.coercion.coercion import Unparsable, describe_expected
from riskmodel.tables.evidence.writing_guess import WritingGuess, guess_writing
from riskmodel.tables.reading.text.blocks import Block
from riskmodel.tables.target.target import count_outcomes
from riskmodel.wording import count, first_few, percentage, plural

CANNOT_BE_READ = "the row cannot be read"
MISREAD_SHARE = 0.1
"""Share of cells in another format at which the others may be misread."""
_NAMED = 5
_KEPT = 200


class CellTally:
    """Unreadable rows and cells and unseen categories, with the first of each.

    Attributes:
        num_rows: rows so far, including unreadable ones.
        broken: unreadable rows; None without any.
        unparsable: by column, if any.

    Args:
        model: the model.
        names: of the file's columns, as in the model.
    """

    def __init__(self, model: RiskModel, names: Sequence[str]) -> None:
        self._model = model
        self._target = model.schema.target if model.schema.target in names else None
        self._place = names.index(self._target) if self._target is not None else -1
        self._outcomes: Counter[str] = Counter()
        self.num_rows = 0
        self.broken: BrokenRows | None = None
        self.unparsable: dict[str, UnparsableCells] = {}
        self._num_unseen: Counter[str] = Counter()
        self._first_unseen: dict[str, str] = {}
        self._near: dict[str, dict[str, str]] = {}
        self._expected_unseen: dict[str, float] = {}
        self._num_present: Counter[str] = Counter()
        self._outside: dict[str, OutsideCells] = {}
        self._places = {name: place for place, name in enumerate(names)}
        self._unreadable: dict[str, dict[str, None]] = {}
        self._declared = DeclaredTally(model.schema, names, model.columns)

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes on the columns that are not counts of the report."""
        return self._declared.notes()

    @property
    def outside(self) -> dict[str, OutsideCells]:
        """By column, if most numbers are outside the range of the training file."""
        return {name: cells for name, cells in self._outside.items() if cells.is_excessive}

    @property
    def unseen(self) -> dict[str, UnseenCells]:
        """By column, cells with unseen categories."""
        return {
            name: UnseenCells(
                count, self._first_unseen[name], self._num_present[name], self._near[name], self._expected_unseen[name]
            )
            for name, count in self._num_unseen.items()
        }

    @property
    def outcomes(self) -> dict[str, int]:
        """Rows by outcome (``bad``, ``good``, ``undetermined``, ``missing``); empty without a target."""
        return {name: self._outcomes[name] for name in OUTCOMES} if self._target is not None else {}

    def add(
        self,
        block: Block,
        unparsable: Mapping[str, Unparsable],
        unseen: Mapping[str, UnseenLevels],
        num_present: Mapping[str, int],
        outside: Mapping[str, OutsideCells],
    ) -> None:
        """Add the next rows of the file."""
        for name, cells in unparsable.items():
            self._keep_unreadable(name, block, cells)
            first = self.unparsable.get(name)
            if first is None:
                row = self.num_rows + int(block.places()[cells.first_row - 1]) + 1
                self.unparsable[name] = UnparsableCells(cells.count, cells.first_value, row)
            else:
                self.unparsable[name] = UnparsableCells(first.count + cells.count, first.first_value, first.first_row)
        for name, levels in unseen.items():
            self._num_unseen[name] += levels.count
            self._first_unseen.setdefault(name, levels.first_values[0])
            self._expected_unseen[name] = levels.expected_share
            near = {**levels.near, **self._near.get(name, {})}
            self._near[name] = dict(list(near.items())[:_NAMED])
        self._num_present.update(num_present)
        self._declared.add(block.rows)
        self._outside = add_outside(self._outside, outside)
        if self._target is not None:
            outcomes = count_outcomes(pa.chunked_array([block.rows.column(self._place)]), self._model.schema)
            self._outcomes.update(outcomes or {})
            self._target = None if outcomes is None else self._target
        if block.broken:
            line, reason = block.broken[0].line, block.broken[0].reason
            before = self.broken or BrokenRows(0, line, reason)
            self.broken = BrokenRows(before.count + len(block.broken), before.first_line, before.first_reason)
        self.num_rows += block.num_rows

    def _keep_unreadable(self, name: str, block: Block, cells: Unparsable) -> None:
        """Keep some distinct unreadable texts."""
        kept = self._unreadable.setdefault(name, {})
        if len(kept) < _KEPT:
            texts = pc.unique(block.rows.column(self._places[name]).filter(pa.array(cells.mask)).slice(0, _KEPT))
            kept.update(dict.fromkeys(texts.to_pylist()[: _KEPT - len(kept)]))

    def guess_writing(self, name: str) -> WritingGuess | None:
        """The likely format of a column's unreadable cells; None if unknown."""
        texts = list(self._unreadable.get(name, ()))
        usual = self._model.reference.training_ranges.get(name)
        return guess_writing(self._model.schema.column(name), texts, usual) if texts else None

    def unparsable_share(self, name: str) -> float:
        """Share in [0, 1] of unreadable cells among a column's non-missing cells."""
        cells = self.unparsable.get(name)
        return cells.count / (cells.count + self._num_present[name]) if cells else 0.0

    def describe_rescaled(self, name: str) -> str:
        """Reason that the numbers of a column likely have another scale than in training; else empty."""
        sign = find_rescaled(self._model.preprocessor.schema, self._model.schema).get(name)
        cells = self._outside.get(name)
        return describe_rescaled(name, sign, cells) if sign and cells else ""

    def find_misread(self) -> dict[str, WritingGuess]:
        """By column, a likely other format, with which the readable cells may be misread.

        These are columns with at least 10% unreadable cells that are readable in that format.
        """
        suspects = [name for name in self.unparsable if self.unparsable_share(name) >= MISREAD_SHARE]
        guesses = {name: self.guess_writing(name) for name in suspects}
        return {name: guess for name, guess in guesses.items() if guess is not None}


class ScoreTally(CellTally):
    """Adds the scores, and the rows of ``trained`` customers."""

    def __init__(self, model: RiskModel, names: Sequence[str], trained: TrainedCustomers | None = None) -> None:
        super().__init__(model, names)
        self._trained = TrainedTally(trained, names)
        self._num_scored = 0
        self._not_scored: Counter[str] = Counter()
        num_bands = len(model.scale.bands)
        self._bands, self._band_sums = np.zeros(num_bands, np.int64), np.zeros(num_bands)
        self._column_counts: dict[str, npt.NDArray[np.int64]] = {}
        self._counts: npt.NDArray[np.int64] = np.zeros(NUM_PROBABILITY_BINS, np.int64)

    def add_scored(self, block: Block, batch: ScoredBatch) -> None:
        """Add the next rows of the file with their scores."""
        self.add(block, batch.unparsable, batch.unseen, batch.num_present, batch.outside)
        scored = batch.probability[~np.isnan(batch.probability)]
        if block.broken:
            self._not_scored[CANNOT_BE_READ] += len(block.broken)
        if len(scored) < len(batch.probability):
            self._add_reasons(batch)
        self._add_bands(batch, scored)
        self._trained.add(block.rows)
        self._column_counts = add_counts(self._column_counts, batch.column_counts)
        self._counts += np.histogram(scored, NUM_PROBABILITY_BINS, (0.0, 1.0))[0]
        self._num_scored += len(scored)

    def _add_bands(self, batch: ScoredBatch, scored: npt.NDArray[np.float64]) -> None:
        """Count the scored rows and their probabilities by band."""
        band = pc.index_in(batch.band.drop_null(), value_set=pa.array(self._model.scale.bands))
        places, num_bands = as_numpy(band), len(self._bands)
        self._bands += np.bincount(places, minlength=num_bands)
        self._band_sums += np.bincount(places, scored, minlength=num_bands)

    def _add_reasons(self, batch: ScoredBatch) -> None:
        """Count each row once: by its first unreadable column, or by its result."""
        counted = np.zeros(len(batch.probability), np.bool_)
        for name, cells in batch.unparsable.items():
            self._not_scored[self._model.reason_for(name)] += int(np.count_nonzero(cells.mask & ~counted))
            counted |= cells.mask
        self._not_scored[NOT_FINITE] += int(np.count_nonzero(np.isnan(batch.probability) & ~counted))

    def check(self, force: bool) -> None:
        """Raise DataError if scoring requires force."""
        if not force:
            self._check_writing()
            self._check_categories()

    def _check_writing(self) -> None:
        """Raise DataError if a column seems to have another format or scale."""
        for name in self._outside:
            if reason := self.describe_rescaled(name):
                raise DataError(f"Nothing was scored. {reason} Or force the scoring.", ("force",))
        for name, guess in self.find_misread().items():
            cells, share = self.unparsable[name], self.unparsable_share(name)
            doubt = ", so the others may be misread" if share < 1.0 else ""
            expected = describe_expected(self._model.schema.column(name), cells.count)
            raise DataError(
                f"Nothing was scored: column '{name}' has {count(cells.count, 'value')} ({percentage(share)}) that "
                f"{plural(cells.count, 'is', 'are')} not {expected} "
                f"(first: '{cells.first_value}' in row {cells.first_row:,}){doubt}. {guess.describe()} "
                "Or force the scoring: rows with unreadable cells then get a reason and no score.",
                (guess.setting, "force") if guess.example else ("force",),
            )

    def _check_categories(self) -> None:
        """Raise DataError if no cell of a column has a category of the training data."""
        unseen = {name: cells for name, cells in self.unseen.items() if cells.is_total}
        total = [cells.describe(name) for name, cells in unseen.items()]
        if total:
            advice = next((f" {cells.advice}" for cells in unseen.values() if cells.advice), "")
            columns = plural(len(total), "a column", f"{len(total):,} columns")
            raise DataError(
                f"Nothing was scored: no value of {columns} is a category of the training data. "
                f"{first_few(total, _NAMED, '; ')}. Check how the file codes these "
                f"values, or force the scoring: they then count as unknown.{advice}",
                ("force",),
            )

    def report(
        self,
        seconds: float,
        extra: tuple[str, ...],
        added: tuple[str, ...],
        read_as: str,
        notes: tuple[str, ...],
    ) -> ScoringReport:
        """The report: all counts, with the facts of the whole file."""
        bands, before = self._model.scale.bands, self._model.reference.validation_band_counts
        return ScoringReport(
            num_rows=self.num_rows,
            num_scored=self._num_scored,
            not_scored={why: count for why, count in self._not_scored.items() if count},
            unseen=self.unseen,
            unparsable=self.unparsable,
            outside=self.outside,
            broken=self.broken,
            band_counts=dict(zip(bands, self._bands.tolist(), strict=True)),
            band_bad_rates={
                band: float(total / rows)
                for band, rows, total in zip(bands, self._bands, self._band_sums, strict=True)
                if rows
            },
            score_stability=compute_stability(before, self._bands) if len(before) == len(bands) else None,
            stability=compare_columns(self._model.reference.training_bins, self._column_counts),
            num_trained=self._trained.count(),
            probability_counts=tuple(int(count) for count in self._counts),
            seconds=seconds,
            extra_columns=extra,
            output_columns=added,
            read_as=read_as,
            notes=(*notes, *self.notes),
            outcomes=self.outcomes,
        )
