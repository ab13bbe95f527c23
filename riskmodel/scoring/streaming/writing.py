"""Formats and names of columns of a file to score that differ from the training file, as given by the user."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from riskmodel.errors import DataError
from riskmodel.scoring.model.risk_model import RiskModel
from riskmodel.tables.arrow import strings
from riskmodel.tables.coercion.coercion import describe_expected
from riskmodel.tables.proposal.schema_changes import describe_date_format, split_marker
from riskmodel.tables.schema.schema import Column, ColumnKind
from riskmodel.tables.values.date_notation import from_notation
from riskmodel.tables.values.dates import is_date_format
from riskmodel.tables.values.numbers import NumberFormat, parse_numbers


@dataclass(frozen=True)
class Writing:
    """Formats and names of a file by column; other columns have those of the training file.

    Attributes:
        date_formats: Date formats, such as ``DD.MM.YYYY`` or as `strptime` codes.
        number_formats: Number formats.
        missing: Missing-value markers for all columns; ``COLUMN=TEXT`` is for that column only.
        sources: By column of the model, the column of the file that is read as it, if the file lacks the model's.
    """

    date_formats: Mapping[str, str] = field(default_factory=dict)
    number_formats: Mapping[str, NumberFormat] = field(default_factory=dict)
    missing: Sequence[str] = ()
    sources: Mapping[str, str] = field(default_factory=dict)

    def rename(self, names: Sequence[str], columns: Collection[str]) -> list[str]:
        """The names of a file's columns, those of `sources` replaced by the model's names.

        Args:
            names: Of the file, as by `riskmodel.scoring.streaming.layouts.restore_names`.
            columns: Required by the model; none of them is replaced.

        Example:
            >>> Writing(sources={"income": "salary"}).rename(["id", "salary"], ["income"])
            ['id', 'income']
            >>> Writing(sources={"income": "salary"}).rename(["income", "salary"], ["income"])
            ['income', 'salary']
        """
        there, renamed = set(names), list(names)
        for column, source in self.sources.items():
            if column in columns and column not in there and source not in columns and source in renamed:
                renamed[renamed.index(source)] = column
        return renamed

    def apply(self, model: RiskModel) -> RiskModel:
        """The model for files with these formats.

        Raises:
            DataError: A column is not an input of the model, is not a date or numerical, or cannot have this format.

        Example:
            >>> Writing(date_formats={"opened": "%d.%m.%Y"}).apply(model)  # doctest: +SKIP
        """
        if self == AS_IN_TRAINING:
            return model
        schema = model.schema
        for name, date_format in self.date_formats.items():
            column = _checked(model, name, "date")
            schema = schema.with_columns([_with_date_format(column, from_notation(date_format))])
        for name, number_format in self.number_formats.items():
            column = _checked(model, name, "numerical")
            schema = schema.with_columns([_with_number_format(column, number_format)])
        for text in self.missing:
            own, marker = split_marker(text, schema.names)
            if own is None:
                schema = schema.with_marker(marker)
            else:
                markers = tuple(dict.fromkeys((*schema.markers_of(own), marker)))
                schema = schema.with_columns([schema.column(own).model_copy(update={"missing_markers": markers})])
        return replace(model, schema=schema)

    def notes(self, model: RiskModel) -> Iterator[str]:
        """A sentence per setting; the model is that of `apply`."""
        for name in (*self.date_formats, *self.number_formats):
            yield f"Column '{name}' is read as {describe_expected(model.schema.column(name))}, as chosen."
        for text in self.missing:
            column, marker = split_marker(text, model.schema.names)
            where = "all columns" if column is None else f"column '{column}'"
            yield f"'{marker}' is read as missing in {where}, as chosen."


AS_IN_TRAINING = Writing()
"""All formats and names of the training file."""


def _checked(model: RiskModel, name: str, kind: ColumnKind) -> Column:
    column = model.schema.column(name)
    if column.kind != kind or name not in model.columns:
        what = f"is {column.kind} in the model" if column.kind != kind else "is not used by the model"
        option = "date format" if kind == "date" else "number format"
        raise DataError(f"Column '{name}' {what}; a {option} is for its {kind} inputs only. Remove it.")
    return column


def _with_date_format(column: Column, date_format: str) -> Column:
    if not is_date_format(date_format):
        raise DataError(describe_date_format(column.name, date_format))
    if "%y" in date_format and column.first_year is None:
        raise DataError(
            f"Column '{column.name}': the training file does not state the century of two-digit years (format %y). "
            "Write years with four digits in the file to score."
        )
    return column.model_copy(update={"date_format": date_format})


def _with_number_format(column: Column, number_format: NumberFormat) -> Column:
    changed = column.model_copy(update={"number_format": number_format})
    codes = strings((*column.special_texts, *column.extra_markers))
    before, _ = parse_numbers(codes, column.number_format or NumberFormat())
    after, _ = parse_numbers(codes, number_format)
    for text, old, new in zip(codes.to_pylist(), before.to_pylist(), after.to_pylist(), strict=True):
        if old != new:
            raise DataError(
                f"Column '{column.name}' has the special or missing code {text!r}, which is "
                f"{'no number' if new is None else f'{new:g}'} written like {number_format.example}. Write the numbers "
                "of this column as the training file does."
            )
    return changed
