"""Fitted state of a preprocessor, with the positions of each column's outputs."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from riskmodel.config.sections.preprocessing import PreprocessingConfig
from riskmodel.features.categories.categorical import CategoricalColumn
from riskmodel.features.numbers.numerical import NumericalColumn
from riskmodel.features.state import State
from riskmodel.inputs.shape import InputFeature, InputShape
from riskmodel.tables.schema.schema import Schema

FittedColumn = NumericalColumn | CategoricalColumn


class FittedState(State):
    """Result of `Preprocessor.fit`.

    Attributes:
        format: Version of the file format; 1 has no trends.
        table_schema: The fitted schema.
        config: The preprocessing configuration.
        as_of: Reference date of date columns; None without dates.
        num_training_rows: Number of training rows.
        columns: The fitted columns in the schema's order, then ratios and differences; their outputs are written in
            this order.
        left_out: Reason for each excluded input column.
    """

    format: Literal[1, 2] = 2
    table_schema: Schema
    config: PreprocessingConfig
    as_of: date | None
    num_training_rows: int
    columns: tuple[Annotated[FittedColumn, Field(discriminator="kind")], ...]
    left_out: dict[str, str]

    @cached_property
    def placed(self) -> tuple[tuple[FittedColumn, int], ...]:
        """Each column with the position of its first output, in the numerical or the categorical array."""
        placed: list[tuple[FittedColumn, int]] = []
        num_numerical = num_embedded = 0
        for column in self.columns:
            if is_embedded(column):
                placed.append((column, num_embedded))
                num_embedded += 1
            else:
                placed.append((column, num_numerical))
                num_numerical += len(column.outputs)
        return tuple(placed)

    @cached_property
    def input_shape(self) -> InputShape:
        """Sizes of the arrays that the columns write."""
        embedded = [column for column in self.columns if isinstance(column, CategoricalColumn) and is_embedded(column)]
        num_numerical = sum(len(column.outputs) for column in self.columns if not is_embedded(column))
        further: dict[tuple[str, str], list[int]] = {}
        for column, first in self.placed:
            if _is_further(column):
                further.setdefault((column.name, column.kind), []).append(first)
        features = tuple(
            _feature(column, first, tuple(further.get((column.name, column.kind), ())))
            for column, first in self.placed
            if not _is_further(column)
        )
        return InputShape(num_numerical, tuple(column.cardinality for column in embedded), features)


def _is_further(column: FittedColumn) -> bool:
    return isinstance(column, NumericalColumn) and column.view > 0


def _feature(column: FittedColumn, first: int, other_values: tuple[int, ...]) -> InputFeature:
    if is_embedded(column):
        return InputFeature(column.name, embedding=first)
    positions = tuple(range(first, first + len(column.outputs)))
    if isinstance(column, NumericalColumn) and column.scaling is not None:
        offset = positions[-1] if column.has_offset else None
        indicators = positions[1:] if offset is None else positions[1:-1]
        return InputFeature(column.name, first, indicators, other_values=other_values, offset=offset)
    return InputFeature(column.name, indicators=positions)


def is_embedded(column: FittedColumn) -> bool:
    """Whether the column is an index that the network embeds; all others are numbers."""
    return isinstance(column, CategoricalColumn) and column.encoding == "embedding"
