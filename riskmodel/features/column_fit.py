"""Fitting of columns to the training rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.config.sections.preprocessing import ColumnSettings, PreprocessingConfig, Scaling
from riskmodel.features.categories.categorical import fit_categorical, wants_risk
from riskmodel.features.categories.level_risk import compute_level_risk, cross_fit_level_risk
from riskmodel.features.columns import read_levels, read_numbers
from riskmodel.features.dates import days_before
from riskmodel.features.fitted import FittedColumn
from riskmodel.features.numbers.counts import is_count
from riskmodel.features.numbers.numerical import NumberKind, NumericalColumn, fit_numerical, fit_pair
from riskmodel.features.numbers.pair_search import PairInput, choose_pairs, draw_rows
from riskmodel.features.numbers.pairs import PairColumn
from riskmodel.tables.schema.schema import Column


class ColumnFit:
    """Fits columns in sequence to the same rows.

    Args:
        rows: Positions of the training rows.
        outcomes: int8 of these rows, 1 bad and 0 good; None if unknown.
        scalings: Scaling for ``auto``, per view.
        as_of: Reference date of date columns.

    Attributes:
        cross_fitted: For each column with the risk of categories, by name and kind (``risk`` and ``customers``): the
            values, float64, of these rows, each computed from other rows only.
    """

    def __init__(
        self,
        table: pa.Table,
        rows: npt.NDArray[np.integer],
        outcomes: npt.NDArray[np.int8] | None,
        scalings: tuple[Scaling, ...],
        as_of: date | None,
    ) -> None:
        self.table, self.rows, self.outcomes = table, rows, outcomes
        self.scalings, self.as_of = scalings, as_of
        self.cross_fitted: dict[tuple[str, str], npt.NDArray[np.float64]] = {}
        # Rows for the pair search: few, so that no second copy of the whole table is held.
        self._sample_rows = draw_rows(len(rows))
        self._numbers: list[PairInput] = []
        self._level_risks: list[npt.NDArray[np.float64]] = []

    def fit(self, column: Column, settings: ColumnSettings, direction: int = 0) -> Sequence[FittedColumn] | str:
        """The fitted columns, the one with missing indicators first; or the reason for excluding the column.

        Args:
            direction: 1 or −1 of a monotone column, else 0.
        """
        name, kind, special = column.name, column.kind, column.special_codes
        if kind == "categorical":
            return self._fit_category(name, settings)
        values = read_numbers(self.table, name, self.rows)
        codes = (*(settings.special_codes if kind == "numerical" else ()), *special.values())
        count = kind == "numerical" and is_count(values[~(np.isnan(values) | np.isin(values, codes))])
        settings, further = self._scalings_of(settings, is_count=count)
        sampled = values[self._sample_rows]
        if kind == "date":
            self._numbers.append(PairInput(PairColumn(name=name, codes=codes), sampled, True))
            # Without any date in training as_of is None, and all values are missing.
            if self.as_of:
                values = days_before(self.as_of, values)
                codes_before = days_before(self.as_of, np.array([*special.values()], np.float64))
                special = dict(zip(special, codes_before.tolist(), strict=True))
            return fit_numerical(name, values, settings, "date", further, special=special)
        fitted = fit_numerical(name, values, settings, "numerical", further, self.outcomes, special, direction)
        trend = None if isinstance(fitted, str) else fitted[0].trend
        paired = PairColumn(name=name, codes=codes, largest=trend.largest if trend else None)
        self._numbers.append(PairInput(paired, sampled, False))
        return fitted

    def _fit_category(self, name: str, settings: ColumnSettings) -> Sequence[FittedColumn] | str:
        cells = read_levels(self.table, name).take(pa.array(self.rows))
        column = fit_categorical(name, cells, settings)
        if isinstance(column, str):
            return column
        if self.outcomes is None:
            return [column]
        num_levels = len(column.levels) + len(column.rare_levels)
        has_risk = wants_risk(settings, num_levels)
        column = column.model_copy(update={"is_folded": has_risk})
        groups = column.risk_groups()
        levels = groups[column.places(cells)]
        risk = compute_level_risk(levels, self.outcomes, num_levels + 1)  # and missing
        self._level_risks.append(risk.evidence[levels[self._sample_rows]])
        if not has_risk:
            return [column]
        learned = {
            "evidence": tuple(risk.evidence[groups].tolist()),
            "log_counts": tuple(risk.log_count[groups].tolist()),
        }
        columns: list[FittedColumn] = [column.model_copy(update=learned)]
        settings, further = self._scalings_of(settings)
        numbers: dict[NumberKind, npt.NDArray[np.float64]] = {}
        numbers["risk"], numbers["customers"] = cross_fit_level_risk(levels, self.outcomes, num_levels + 1)
        for kind, values in numbers.items():
            found = fit_numerical(name, values, settings, kind, further)
            if not isinstance(found, str):
                columns += found
                self.cross_fitted[name, kind] = values
        return columns

    def fit_pairs(self, config: PreprocessingConfig, unpaired: Collection[str]) -> list[NumericalColumn]:
        """Ratios and differences of the fitted columns; none without outcomes.

        Args:
            config: For the whole file.
            unpaired: Excluded columns.
        """
        if not config.pairs or self.outcomes is None:
            return []
        settings, further = self._scalings_of(config)
        numbers = [number for number in self._numbers if number.column.name not in unpaired]
        columns: list[NumericalColumn] = []
        for pair in choose_pairs(numbers, self._level_risks, self.outcomes[self._sample_rows], config.pairs):
            if pair.name not in self.table.column_names:
                first, second = (
                    read_numbers(self.table, column.name, self.rows) for column in (pair.first, pair.second)
                )
                columns += fit_pair(pair, pair.compute(first, second), settings, further)
        return columns

    def _scalings_of(
        self, settings: ColumnSettings, is_count: bool = False
    ) -> tuple[ColumnSettings, tuple[Scaling, ...]]:
        """The configuration with the first view's scaling, and the scalings of the further views.

        A count is never scaled by ranks unless configured: ranks end at the training values, so
        larger counts would have no effect.
        """
        if settings.scaling != "auto":
            return settings, ()
        scalings = tuple("standard" if is_count and scaling == "quantile" else scaling for scaling in self.scalings)
        return settings.model_copy(update={"scaling": scalings[0]}), scalings[1:]
