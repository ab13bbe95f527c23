"""Counts of a file that is scored, added up piece by piece."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt

from riskmodel.features.summary import UnseenLevels
from riskmodel.scoring.report import NUM_PROBABILITY_BINS, BrokenRows, ScoringReport, UnparsableCells, UnseenCells
from riskmodel.scoring.risk_model import RiskModel, ScoredBatch
from riskmodel.tables.blocks import Block
from riskmodel.tables.typing import Unparsable

CANNOT_BE_READ = "the row cannot be read"


class CellTally:
    """Rows that are not whole, cells that cannot be read and levels never seen, with the first of each.

    Attributes:
        num_rows: rows so far, whole or not.
        broken: those that are not whole; None where all are.
        unparsable, unseen: by column, those that have any.
    """

    def __init__(self) -> None:
        self.num_rows = 0
        self.broken: BrokenRows | None = None
        self.unparsable: dict[str, UnparsableCells] = {}
        self.unseen: dict[str, UnseenCells] = {}

    def add(self, block: Block, unparsable: dict[str, Unparsable], unseen: dict[str, UnseenLevels]) -> None:
        """Add the next rows of the file."""
        for name, cells in unparsable.items():
            first = self.unparsable.get(name)
            if first is None:
                row = self.num_rows + int(block.places()[cells.first_row - 1]) + 1
                self.unparsable[name] = UnparsableCells(cells.count, cells.first_value, row)
            else:
                self.unparsable[name] = UnparsableCells(first.count + cells.count, first.first_value, first.first_row)
        for name, levels in unseen.items():
            known = self.unseen.get(name)
            count = levels.count + (known.count if known else 0)
            self.unseen[name] = UnseenCells(count, known.first_value if known else levels.first_values[0])
        if block.broken:
            line, reason = block.broken[0].line, block.broken[0].reason
            before = self.broken or BrokenRows(0, line, reason)
            self.broken = BrokenRows(before.count + len(block.broken), before.first_line, before.first_reason)
        self.num_rows += block.num_rows


class ScoreTally(CellTally):
    """The same, and the scores."""

    def __init__(self, model: RiskModel) -> None:
        super().__init__()
        self._model = model
        self._num_scored = 0
        self._not_scored: Counter[str] = Counter()
        self._bands: Counter[str] = Counter()
        self._counts: npt.NDArray[np.int64] = np.zeros(NUM_PROBABILITY_BINS, np.int64)

    def add_scored(self, block: Block, batch: ScoredBatch) -> None:
        """Add the next rows of the file with their scores."""
        self.add(block, batch.unparsable, batch.unseen)
        scored = batch.probability[~np.isnan(batch.probability)]
        if block.broken:
            self._not_scored[CANNOT_BE_READ] += len(block.broken)
        if len(scored) < len(batch.probability):
            self._add_reasons(batch)
        self._bands.update(band for band in batch.band.to_pylist() if band is not None)
        self._counts += np.histogram(scored, NUM_PROBABILITY_BINS, (0.0, 1.0))[0]
        self._num_scored += len(scored)

    def _add_reasons(self, batch: ScoredBatch) -> None:
        """Each row is counted once, by the first of its columns."""
        counted = np.zeros(len(batch.probability), np.bool_)
        for name, cells in batch.unparsable.items():
            self._not_scored[self._model.why(name)] += int(np.count_nonzero(cells.mask & ~counted))
            counted |= cells.mask

    def report(
        self, seconds: float, extra: tuple[str, ...], added: tuple[str, ...], read_as: str, notes: tuple[str, ...]
    ) -> ScoringReport:
        """All that was counted, with what is known of the file as a whole."""
        return ScoringReport(
            num_rows=self.num_rows,
            num_scored=self._num_scored,
            not_scored={why: count for why, count in self._not_scored.items() if count},
            unseen=self.unseen,
            unparsable=self.unparsable,
            broken=self.broken,
            band_counts={band: self._bands[band] for band in self._model.scale.bands},
            probability_counts=tuple(int(count) for count in self._counts),
            seconds=seconds,
            extra_columns=extra,
            output_columns=added,
            read_as=read_as,
            notes=notes,
        )
