"""The preprocessor: learned from training rows, it turns a typed table into the arrays a network reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from riskmodel.config.sections.preprocessing import PreprocessingConfig, Scaling
from riskmodel.errors import ConfigError, DataError
from riskmodel.features.categories.categorical import CategoricalColumn, write_one_hot
from riskmodel.features.column_fit import ColumnFit
from riskmodel.features.columns import as_table, check_columns, read_known_numbers, read_levels, read_numbers
from riskmodel.features.dates import days_before, latest_date
from riskmodel.features.fitted import FittedColumn, FittedState, is_embedded
from riskmodel.features.model_input import InputShape, ModelInput, aligned_zeros
from riskmodel.features.numbers.numerical import NumericalColumn
from riskmodel.features.stored.files import read_state, write_state
from riskmodel.features.summary import ColumnSummary, UnseenLevels
from riskmodel.tables.schema.schema import ColumnKind, Schema, describe_unknown_column

ROWS_PER_BLOCK = 16_384
"""Rows written at a time, so that a block of the output stays in the processor's cache while its columns are filled."""


class Preprocessor:
    """Columns to arrays, learned from training rows only.

    A numerical column takes four steps in this order: special codes become missing, missing values are
    imputed, outliers are moved in, the result is scaled. Missing values and special codes seen in training
    also get an indicator each; so do groups of a count's values, where the outcomes ask for them (`find_groups`).
    Few whole numbers are read up to the largest training value, and what exceeds it is an offset (`trend`).
    Dates become days to the as-of date and go the same way. Categories become
    one-hot inputs or an index to embed, where there are many levels beside two numbers that go the same
    way: how risky a level was in training, and how many customers it had. Ratios and differences of two columns
    join them where the analyst asks for some. Columns from which nothing varies over the training rows are left
    out. `fit` and `transform` leave the table as it is; after `fit`, any number of threads may call `transform`.

    Args:
        schema: What each column is for; its inputs are used.
        config: The analyst's choices.
        scalings: What a scaling of ``auto`` is. More than one makes as many views of the inputs: such a column's number
            is then written once under each, for networks that like different scalings (``InputShape.view``).
        directed: Monotone columns, 1 where the risk may only rise with them and −1 where it may only fall: no ratio or
            difference is made of them, and counts among them get no inputs for groups of values.

    Attributes:
        feature_names_: Names of the columns of ``ModelInput.numerical``.
        embedding_names_: Names of the columns of ``ModelInput.categorical``.
        input_shape_: Sizes of both, for building a network.
        left_out_: Why, for each input column that gives nothing.
        pair_names_: Names of the ratios and differences found, most informative first.
        as_of_: The date that dates are counted to; None without dates.

    Raises:
        ConfigError: An override names a column that is not in the schema.

    Example:
        >>> from riskmodel.tables.schema.schema import Column
        >>> schema = Schema(columns=(Column(name="income", kind="numerical"),))
        >>> table = pa.table({"income": pa.array([1.0, 2.0, None, 6.0])})
        >>> fitted = Preprocessor(schema, PreprocessingConfig()).fit(table, rows=np.array([0, 1]))
        >>> fitted.transform(table).numerical[:, 0].tolist()
        [-1.0, 1.0, 0.0, 9.0]
    """

    def __init__(
        self,
        schema: Schema,
        config: PreprocessingConfig,
        scalings: tuple[Scaling, ...] = ("standard",),
        directed: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        for name in config.overrides:
            if name not in schema.names:
                raise ConfigError(f"Preprocessing overrides: {describe_unknown_column(name, schema.names)}")
        self.schema = schema
        self.config = config
        self.scalings = scalings
        self.directed = dict(directed)
        self._state: FittedState | None = None

    def fit(
        self,
        table: pa.Table,
        rows: npt.NDArray[np.integer] | None = None,
        bad: npt.NDArray[np.int8] | None = None,
    ) -> Self:
        """Learn from the training rows.

        Args:
            table: Typed as its schema says.
            rows: Positions of the training rows, integer, shape (m,), m ≥ 1; None takes all.
            bad: int8, of all rows, 1 bad and 0 good in the training rows; without it the risk of levels is no input,
                nor are ratios and differences.

        Raises:
            DataError: No training rows, a column absent or not typed, an infinite number, or no usable
                column.
        """
        self._fit(table, np.arange(table.num_rows) if rows is None else np.asarray(rows), bad)
        return self

    def fit_transform(self, table: pa.Table, rows: npt.NDArray[np.integer], bad: npt.NDArray[np.int8]) -> ModelInput:
        """Fit, and the network's inputs of all rows for training.

        They are those of `transform`, but that the risk of a training row's level is that of other training rows
        alone: with its own outcome in its inputs, a network would learn to read it there. Errors as `fit`.
        """
        chosen = np.asarray(rows)
        cross_fitted = self._fit(table, chosen, bad)
        return self._transform(table, chosen, cross_fitted)

    def _fit(
        self, table: pa.Table, chosen: npt.NDArray[np.integer], bad: npt.NDArray[np.int8] | None
    ) -> dict[tuple[str, str], npt.NDArray[np.float64]]:
        """Learn; returns the cross-fitted numbers of the chosen rows by column and kind."""
        check_columns(table, self.schema.inputs)
        if chosen.size == 0:
            raise DataError("Preprocessing needs at least one training row; received none.")
        as_of = self.config.as_of or latest_date(
            read_known_numbers(table, self.schema.column(name), chosen) for name in self.schema.dates
        )
        fit = ColumnFit(table, chosen, None if bad is None else np.asarray(bad[chosen], np.int8), self.scalings, as_of)
        fitted = {
            name: fit.fit(self.schema.column(name), self.config.for_column(name), self.directed.get(name, 0))
            for name in self.schema.inputs
        }
        left_out = {name: why for name, why in fitted.items() if isinstance(why, str)}
        found = [column for columns in fitted.values() if not isinstance(columns, str) for column in columns]
        found += fit.fit_pairs(self.config, self.directed.keys() | left_out.keys())
        # Further views stand last, so that the first ones are where they would be without them.
        columns = tuple(sorted(found, key=lambda column: getattr(column, "view", 0)))
        if not columns:
            reasons = "; ".join(f"'{name}': {why}" for name, why in list(left_out.items())[:5])
            raise DataError(f"No column is left to learn from. {reasons or 'The schema has no input columns'}.")
        self._state = FittedState(
            table_schema=self.schema,
            config=self.config,
            as_of=as_of,
            num_training_rows=len(chosen),
            columns=columns,
            left_out=left_out,
        )
        return fit.cross_fitted

    def transform(self, table: pa.Table | pa.RecordBatch) -> ModelInput:
        """The network's inputs for every row of a table, in order.

        Args:
            table: Typed; columns are found by name, and only those of :attr:`inputs_used` are needed.

        Returns:
            Arrays with ``table.num_rows`` rows; every number is finite and within ±1e15.

        Raises:
            DataError: A column absent or not typed, or an infinite number (by name and row).
        """
        return self._transform(as_table(table), np.zeros(0, np.int64), {})

    def _transform(
        self,
        table: pa.Table,
        training_rows: npt.NDArray[np.integer],
        cross_fitted: Mapping[tuple[str, str], npt.NDArray[np.float64]],
    ) -> ModelInput:
        """The inputs; numbers of the training rows' levels are those in ``cross_fitted``."""
        state = self._fitted
        check_columns(table, self.inputs_used)
        shape, num_rows = self.input_shape_, table.num_rows
        numerical = aligned_zeros((num_rows, shape.num_numerical), np.float32)
        categorical = aligned_zeros((num_rows, len(shape.cardinalities)), np.int32)
        indices, risks = self._read_categories(table)
        for key, values in cross_fitted.items():
            risks[key][training_rows] = values
        for start in range(0, num_rows, ROWS_PER_BLOCK):
            rows = slice(start, min(start + ROWS_PER_BLOCK, num_rows))
            for column, first in state.placed:
                if isinstance(column, NumericalColumn):
                    block = numerical[rows, first : first + len(column.outputs)]
                    risk = risks.get((column.name, column.kind))
                    column.write(self._read(table, column, rows) if risk is None else risk[rows].copy(), block)
                elif column.encoding == "embedding":
                    categorical[rows, first] = indices[column.name][rows]
                else:
                    write_one_hot(indices[column.name][rows], numerical[rows], first)
        return ModelInput(numerical, categorical)

    def _read_categories(
        self, table: pa.Table
    ) -> tuple[dict[str, npt.NDArray[np.int32]], dict[tuple[str, str], npt.NDArray[np.float64]]]:
        """Output indices int32 (n,) by categorical column, and risk and count float64 (n,) by column and kind."""
        indices: dict[str, npt.NDArray[np.int32]] = {}
        risks: dict[tuple[str, str], npt.NDArray[np.float64]] = {}
        kinds: tuple[Literal["risk", "customers"], ...] = ("risk", "customers")
        for column in self._fitted.columns:
            if isinstance(column, CategoricalColumn):
                places = column.places(read_levels(table, column.name))
                indices[column.name] = column.indices(places)
                if column.evidence:
                    risks |= {(column.name, kind): column.statistic(kind, places) for kind in kinds}
        return indices, risks

    def _read(self, table: pa.Table, column: NumericalColumn, rows: slice) -> npt.NDArray[np.float64]:
        if column.pair is not None:
            return column.pair.compute(*(read_numbers(table, name, rows) for name in column.sources))
        values = read_numbers(table, column.name, rows)
        if column.kind == "date" and self._fitted.as_of is not None:
            return days_before(self._fitted.as_of, values)
        return values

    def unseen_levels(self, table: pa.Table | pa.RecordBatch) -> dict[str, UnseenLevels]:
        """The table's categorical columns in use with levels that training rows did not have; the others are absent."""
        table = as_table(table)
        found: dict[str, UnseenLevels] = {}
        for column in self._fitted.columns:
            if isinstance(column, CategoricalColumn) and column.name in table.column_names:
                unseen = column.unseen(read_levels(table, column.name))
                if unseen is not None:
                    found[column.name] = unseen
        return found

    @property
    def categorical_(self) -> tuple[str, ...]:
        """Names of the categorical columns in use."""
        return tuple(column.name for column in self._fitted.columns if isinstance(column, CategoricalColumn))

    @property
    def _fitted(self) -> FittedState:
        if self._state is None:
            raise RuntimeError("The preprocessor must be fitted first: call fit(table, rows).")
        return self._state

    @property
    def feature_names_(self) -> tuple[str, ...]:
        """Names of the columns of ``ModelInput.numerical``, d of them."""
        return tuple(name for column in self._fitted.columns if not is_embedded(column) for name in column.outputs)

    @property
    def embedding_names_(self) -> tuple[str, ...]:
        """Names of the columns of ``ModelInput.categorical``, c of them."""
        return tuple(column.name for column in self._fitted.columns if is_embedded(column))

    @property
    def input_shape_(self) -> InputShape:
        """Sizes of both arrays."""
        return self._fitted.input_shape

    @property
    def left_out_(self) -> dict[str, str]:
        """Why, for each input column that gives the network nothing."""
        return dict(self._fitted.left_out)

    @property
    def pair_names_(self) -> tuple[str, ...]:
        """Names of the ratios and differences found, most informative first."""
        pairs = [each for each in self._fitted.columns if isinstance(each, NumericalColumn) and each.pair]
        return tuple(dict.fromkeys(column.name for column in pairs))

    @property
    def as_of_(self) -> date | None:
        """The date that dates are counted to."""
        return self._fitted.as_of

    @property
    def uses_outcomes(self) -> bool:
        """Whether the risk of a column's levels is an input, so that training rows have other inputs when scored."""
        return any(isinstance(column, CategoricalColumn) and column.evidence for column in self._fitted.columns)

    @property
    def inputs_used(self) -> tuple[str, ...]:
        """Columns that `transform` needs, in the schema's order."""
        used = {name for column in self._fitted.columns for name in column.sources}
        return tuple(name for name in self.schema.inputs if name in used)

    def describe(self) -> tuple[ColumnSummary, ...]:
        """What became of each input column, in the schema's order, and the ratios and differences after them."""
        state = self._fitted
        # Of a column with several views the first is described.
        placed = {column.name: (column, first) for column, first in reversed(state.placed)}
        columns = [
            _summarise(self.schema.kind_of(name), *placed[name])
            if name in placed
            else ColumnSummary(name, self.schema.kind_of(name), f"left out: {state.left_out[name]}")
            for name in self.schema.inputs
        ]
        return (*columns, *(_summarise("numerical", *placed[name]) for name in self.pair_names_))

    def to_files(self) -> dict[str, bytes]:
        """What was learned, as ``preprocessor.json`` and ``preprocessor.npz``; equal fits give equal bytes."""
        return write_state(self._fitted)

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        """Read what `to_files` wrote; transforms are equal to the last bit.

        Raises:
            BundleError: A file is absent or not one that this version wrote.
        """
        state = read_state(files)
        preprocessor = cls(state.table_schema, state.config)
        preprocessor._state = state
        return preprocessor


def _summarise(kind: ColumnKind, column: FittedColumn, first: int) -> ColumnSummary:
    if is_embedded(column):
        return ColumnSummary(column.name, kind, column.treatment, column.outputs, embedding=first)
    positions = tuple(range(first, first + len(column.outputs)))
    return ColumnSummary(column.name, kind, column.treatment, column.outputs, positions)
