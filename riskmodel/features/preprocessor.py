"""The preprocessor: fitted to training rows, it transforms a typed table into the input arrays of a network."""

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
from riskmodel.features.categories.level_risk import refit_level_risk
from riskmodel.features.column_fit import ColumnFit
from riskmodel.features.columns import as_table, check_columns, read_known_numbers, read_levels, read_numbers
from riskmodel.features.dates import days_before, latest_date
from riskmodel.features.fitted import FittedColumn, FittedState, is_embedded
from riskmodel.features.model_input import ModelInput, aligned_zeros
from riskmodel.features.numbers.numerical import NumericalColumn
from riskmodel.features.stored.files import read_state, write_state
from riskmodel.features.summary import ColumnSummary, UnseenLevels
from riskmodel.inputs.shape import InputShape
from riskmodel.tables.schema.schema import ColumnKind, Schema, describe_unknown_column

ROWS_PER_BLOCK = 16_384
_NOT_SELECTED = "not selected for this run"
"""Rows per block, so that a block of the output stays in the CPU cache while its columns are written."""


class Preprocessor:
    """Transforms columns to arrays, fitted to training rows only.

    A numerical column takes four steps in this order: special codes become missing, missing values are
    imputed, outliers are clipped, the result is scaled. Missing values and special codes seen in training
    also get an indicator each; so do groups of a count's values, if the outcomes require them (`find_groups`).
    Columns of few whole numbers are clipped at the largest training value, with an offset beyond it (`trend`).
    Dates are converted to days to the as-of date and treated alike. Categories become
    one-hot inputs or an index to embed, with many categories in addition to two numbers treated
    alike: a category's risk in training and its number of customers. Ratios and differences of two columns
    are added if configured. Columns that do not vary over the training rows are
    excluded. `fit` and `transform` do not modify the table; after `fit`, `transform` is thread-safe.

    Args:
        schema: Column roles; its inputs are used.
        config: The preprocessing configuration.
        scalings: Scaling for ``auto``. More than one creates as many views of the inputs: such a column's number
            is then written once per scaling, for networks that prefer different scalings (``InputShape.view``).
        directed: Monotone columns, 1 where the risk may only rise with them and −1 where it may only fall: no ratio or
            difference is made of them, and counts among them get no inputs for groups of values.

    Attributes:
        feature_names_: Names of the columns of ``ModelInput.numerical``.
        embedding_names_: Names of the columns of ``ModelInput.categorical``.
        input_shape_: Sizes of both, for building a network.
        left_out_: Reason for each excluded input column.
        pair_names_: Names of the ratios and differences found, most informative first.
        as_of_: Reference date of date columns; None without dates.

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
        """Fit to the training rows.

        Args:
            table: Typed by its schema.
            rows: Positions of the training rows, integer, shape (m,), m ≥ 1; None: all.
            bad: int8, of all rows, 1 bad and 0 good in the training rows; without it the risk of categories is no
                input, nor are ratios and differences.

        Raises:
            DataError: No training rows, a column missing or not typed, an infinite number, or no usable
                column.
        """
        self._fit(table, np.arange(table.num_rows) if rows is None else np.asarray(rows), bad)
        return self

    def fit_transform(self, table: pa.Table, rows: npt.NDArray[np.integer], bad: npt.NDArray[np.int8]) -> ModelInput:
        """Fit and return the network's inputs of all rows for training.

        They equal those of `transform`, except that a training row gets the risk of its category in the other training
        rows only: a network would learn the row's own outcome from its inputs. Errors as for `fit`.
        """
        chosen = np.asarray(rows)
        cross_fitted = self._fit(table, chosen, bad)
        return self._transform(table, chosen, cross_fitted)

    def refit_risks(
        self,
        inputs: ModelInput,
        table: pa.Table,
        bad: npt.NDArray[np.int8],
        rows: npt.NDArray[np.integer],
        held_out: npt.NDArray[np.integer],
    ) -> ModelInput:
        """A copy of ``inputs``, those of `fit_transform`, for a fold trained on some rows and validated on others.

        The risks of categories are those among ``rows``: cross-fitted for these, plain for ``held_out``. Else the
        outcomes of the held-out rows would be in the inputs of the fold's training.

        Args:
            table, bad: As given to `fit_transform`.
            rows, held_out: Parts of the rows given to it.
        """
        risks: dict[tuple[str, str], npt.NDArray[np.float64]] = {}
        scale = self._fitted.num_training_rows / len(rows)
        for column in self._fitted.columns:
            if isinstance(column, CategoricalColumn) and column.evidence:
                places = column.places(read_levels(table, column.name))
                levels = column.risk_groups()[places[rows]], column.risk_groups()[places[held_out]]
                found = refit_level_risk(*levels, bad[rows], scale)
                risks |= {(column.name, kind): found[kind] for kind in ("risk", "customers")}
        changed = np.concatenate([rows, held_out])
        numerical = aligned_zeros(inputs.numerical.shape, np.float32)
        numerical[:] = inputs.numerical
        for column, first in self._fitted.placed:
            if isinstance(column, NumericalColumn) and (column.name, column.kind) in risks:
                block = np.empty((len(changed), len(column.outputs)), np.float32)
                column.write(risks[column.name, column.kind].copy(), block)
                numerical[changed, first : first + len(column.outputs)] = block
        return ModelInput(numerical, inputs.categorical)

    def _fit(
        self, table: pa.Table, chosen: npt.NDArray[np.integer], bad: npt.NDArray[np.int8] | None
    ) -> dict[tuple[str, str], npt.NDArray[np.float64]]:
        """Fit; returns the cross-fitted values of the rows by column and kind."""
        check_columns(table, self.schema.inputs)
        if chosen.size == 0:
            raise DataError("Preprocessing needs at least one training row; received none.")
        as_of = self.config.as_of or latest_date(
            read_known_numbers(table, self.schema.column(name), chosen) for name in self.schema.dates
        )
        fit = ColumnFit(table, chosen, None if bad is None else np.asarray(bad[chosen], np.int8), self.scalings, as_of)
        fitted = {
            name: _NOT_SELECTED
            if name in self.config.excluded
            else fit.fit(self.schema.column(name), self.config.for_column(name), self.directed.get(name, 0))
            for name in self.schema.inputs
        }
        left_out = {name: why for name, why in fitted.items() if isinstance(why, str)}
        found = [column for columns in fitted.values() if not isinstance(columns, str) for column in columns]
        found += fit.fit_pairs(self.config, self.directed.keys() | left_out.keys())
        # Further views come last, so that the first view's positions do not depend on them.
        columns = tuple(sorted(found, key=lambda column: getattr(column, "view", 0)))
        if not columns:
            reasons = "; ".join(f"'{name}': {why}" for name, why in list(left_out.items())[:5])
            raise DataError(f"No usable column for training. {reasons or 'The schema has no input columns'}.")
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
            DataError: a column missing or not typed, or an infinite number (by name and row).
        """
        return self._transform(as_table(table), np.zeros(0, np.int64), {})

    def _transform(
        self,
        table: pa.Table,
        training_rows: npt.NDArray[np.integer],
        cross_fitted: Mapping[tuple[str, str], npt.NDArray[np.float64]],
    ) -> ModelInput:
        """The inputs; the risks of categories of the training rows are taken from ``cross_fitted``."""
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
        """Unseen categories by categorical column; columns without any are absent."""
        table = as_table(table)
        found: dict[str, UnseenLevels] = {}
        for column in self._fitted.columns:
            if isinstance(column, CategoricalColumn) and column.name in table.column_names:
                unseen = column.unseen(read_levels(table, column.name))
                if unseen is not None:
                    found[column.name] = unseen
        return found

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
        """Reason for each excluded input column."""
        return dict(self._fitted.left_out)

    @property
    def pair_names_(self) -> tuple[str, ...]:
        """Names of the ratios and differences found, most informative first."""
        pairs = [column for column in self._fitted.columns if isinstance(column, NumericalColumn) and column.pair]
        return tuple(dict.fromkeys(column.name for column in pairs))

    @property
    def as_of_(self) -> date | None:
        """Reference date of date columns."""
        return self._fitted.as_of

    @property
    def uses_outcomes(self) -> bool:
        """Whether the risk of a column's categories is an input, so that training rows differ when scored."""
        return any(isinstance(column, CategoricalColumn) and column.evidence for column in self._fitted.columns)

    @property
    def inputs_used(self) -> tuple[str, ...]:
        """Columns that `transform` needs, in the schema's order."""
        used = {name for column in self._fitted.columns for name in column.sources}
        return tuple(name for name in self.schema.inputs if name in used)

    def describe(self) -> tuple[ColumnSummary, ...]:
        """Treatment of each input column in the schema's order, then of ratios and differences."""
        state = self._fitted
        # Of a column with several views the first is described.
        placed = {column.name: (column, first) for column, first in reversed(state.placed)}
        columns = [
            _summarize(self.schema.kind_of(name), *placed[name])
            if name in placed
            else ColumnSummary(name, self.schema.kind_of(name), f"excluded: {state.left_out[name]}")
            for name in self.schema.inputs
        ]
        return (*columns, *(_summarize("numerical", *placed[name]) for name in self.pair_names_))

    def to_files(self) -> dict[str, bytes]:
        """The fitted state as ``preprocessor.json`` and ``preprocessor.npz``; equal fits give equal bytes."""
        return write_state(self._fitted)

    @classmethod
    def from_files(cls, files: Mapping[str, bytes]) -> Self:
        """Read the files of `to_files`; transforms are equal bit for bit.

        Raises:
            BundleError: a file is missing or not of this version.
        """
        state = read_state(files)
        preprocessor = cls(state.table_schema, state.config)
        preprocessor._state = state
        return preprocessor


def _summarize(kind: ColumnKind, column: FittedColumn, first: int) -> ColumnSummary:
    if is_embedded(column):
        return ColumnSummary(column.name, kind, column.treatment, column.outputs, embedding=first)
    positions = tuple(range(first, first + len(column.outputs)))
    return ColumnSummary(column.name, kind, column.treatment, column.outputs, positions)
