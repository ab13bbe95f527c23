"""`SchemaChanges`: user settings for single columns that replace the proposal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

from riskmodel.errors import DataError
from riskmodel.tables.arrow import pc
from riskmodel.tables.coercion.coercion import coerce_table
from riskmodel.tables.evidence.evidence import show_text
from riskmodel.tables.evidence.odd_cells import AS_MISSING
from riskmodel.tables.evidence.special_texts import markers_as_codes, with_special_texts
from riskmodel.tables.proposal.proposal import resolve_formats
from riskmodel.tables.schema.schema import Column, ColumnKind, Schema
from riskmodel.tables.unreadable_rows import reject_unreadable
from riskmodel.tables.values.date_notation import from_notation
from riskmodel.tables.values.dates import is_date_format
from riskmodel.tables.values.numbers import NumberFormat


@dataclass(frozen=True)
class SchemaChanges:
    """Changes to a proposed schema, by column.

    Attributes:
        kinds: The kinds of columns.
        missing: Missing-value markers for every column; ``COLUMN=TEXT`` applies to that column alone.
        date_formats: Date formats, such as ``DD.MM.YYYY`` or in `strptime` codes; the columns become dates.
        number_formats: Number formats; the columns become numerical.
        unreadable: Treatment of unreadable cells: ``missing`` adds their texts to the missing-value markers
            of the column, ``code`` makes each text a special code, including those proposed as missing, and
            ``reject`` excludes their rows.
        special: Texts that are special codes of one column, as ``COLUMN=TEXT``.
        categories: Texts that are categories of one column though usually missing, as ``COLUMN=TEXT``.
    """

    kinds: Mapping[str, ColumnKind] = field(default_factory=dict)
    missing: Sequence[str] = ()
    date_formats: Mapping[str, str] = field(default_factory=dict)
    number_formats: Mapping[str, NumberFormat] = field(default_factory=dict)
    unreadable: Mapping[str, Literal["missing", "code", "reject"]] = field(default_factory=dict)
    special: Sequence[str] = ()
    categories: Sequence[str] = ()

    def apply(self, schema: Schema, raw: pa.Table) -> Schema:
        """The schema with the changes.

        Args:
            schema: The proposed schema, or one read from a file.
            raw: Its table, every column string.

        Raises:
            DataError: A column or kind is unknown, more than one column is the target, or special codes are too many or
                for a column that is neither numerical nor a date.

        Example:
            >>> from riskmodel.tables.schema.schema import Column
            >>> schema = Schema(columns=(Column(name="income", kind="ignored"),))
            >>> changes = SchemaChanges(kinds={"income": "numerical"}, missing=["income=n/k"])
            >>> changes.apply(schema, pa.table({"income": ["1", "n/k"]})).column("income").extra_markers
            ('n/k',)
        """
        kinds: dict[str, ColumnKind] = dict.fromkeys(self.date_formats, "date")
        kinds |= dict.fromkeys(self.number_formats, "numerical")
        schema = self._read_texts(schema.with_kinds({**kinds, **self.kinds}))
        for name, text in self.date_formats.items():
            date_format = from_notation(text)
            if not is_date_format(date_format):
                raise DataError(describe_date_format(name, text))
            schema = _update(schema, name, date_format=date_format, first_year=None, reason=_chosen(schema, name))
        for name, number_format in self.number_formats.items():
            schema = _update(schema, name, number_format=number_format, reason=_chosen(schema, name))
        if {"missing", "code"} & set(self.unreadable.values()):
            schema = resolve_formats(raw, schema)
        for name, action in self.unreadable.items():
            if action == "missing":
                texts = _unreadable_texts(schema, name, raw)
                schema = _update(schema, name, missing_markers=_joined(schema, name, texts))
            elif action == "code":
                texts = _unreadable_texts(schema, name, raw)
                schema = schema.with_columns([with_special_texts(schema.column(name), texts)])
        return schema

    def _read_texts(self, schema: Schema) -> Schema:
        """The schema with the chosen treatment of texts proposed as missing, special codes and categories."""
        for name, action in self.unreadable.items():
            if action != "missing":
                change = reject_unreadable if action == "reject" else markers_as_codes
                schema = schema.with_columns([change(schema.column(name))])
        for text in self.missing:
            column, marker = split_marker(text, schema.names)
            if column is None:
                schema = schema.with_marker(marker)
            else:
                special = tuple(text for text in schema.column(column).special_texts if text != marker)
                markers = _joined(schema, column, [marker])
                schema = _update(schema, column, missing_markers=markers, special_texts=special)
        for text in self.categories:
            schema = schema.with_columns([_with_category(schema, text)])
        for text in self.special:
            column, code = split_marker(text, schema.names)
            if column is None:
                raise DataError(
                    f"A special code is written as COLUMN=TEXT, with a column of the table; received {text!r}."
                )
            schema = schema.with_columns([with_special_texts(schema.column(column), [code])])
        return schema


def describe_date_format(name: str, text: str) -> str:
    """Error message for a text that cannot be the date format of a column."""
    return (
        f"Column {name!r}: {text!r} is not a date format. Write it with a year and a month, such as DD.MM.YYYY or "
        "MM/DD/YY, or in strptime codes (%d.%m.%Y)."
    )


def split_marker(text: str, names: Sequence[str]) -> tuple[str | None, str]:
    """The column to which a missing-value marker applies, None for all, and the marker.

    Example:
        >>> split_marker("income=n/k", ["income"]), split_marker("a=b", ["income"])
        (('income', 'n/k'), (None, 'a=b'))
    """
    column = next((name for name in names if text.startswith(f"{name}=")), None)
    return column, text if column is None else text[len(column) + 1 :]


def _with_category(schema: Schema, text: str) -> Column:
    """The column with a text that is no longer missing; the comparison of its cells is determined again."""
    name, word = split_marker(text, schema.names)
    if name is None or schema.kind_of(name) != "categorical":
        raise DataError(
            f"A category is written as COLUMN=TEXT, with a categorical column of the table; received {text!r}."
        )
    column = schema.column(name)
    markers = tuple(marker for marker in schema.markers_of(name) if marker != word)
    kept = [part for part in column.reason.split("; ") if show_text(word) not in part]
    reason = "; ".join([*kept, f"{show_text(word)} is kept as a category"])
    return column.model_copy(update={"missing_markers": markers, "values": None, "reason": reason})


def _unreadable_texts(schema: Schema, name: str, raw: pa.Table) -> list[str]:
    """The distinct unreadable texts of a column."""
    _, unparsable = coerce_table(raw, schema, [name])
    if name not in unparsable:
        return []
    cells = raw[name].filter(pa.array(unparsable[name].mask))
    return [str(text) for text in pc.unique(pc.utf8_trim_whitespace(cells)).to_pylist()]


def _joined(schema: Schema, name: str, markers: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*schema.markers_of(name), *markers)))


def _chosen(schema: Schema, name: str) -> str:
    """The reason of a column with a chosen format: only the proposal's doubts about unreadable cells are kept."""
    doubts = [part for part in schema.column(name).reason.split("; ") if AS_MISSING in part]
    return "; ".join(["format chosen by the analyst", *doubts])


def _update(schema: Schema, name: str, **changes: object) -> Schema:
    return schema.with_columns([schema.column(name).model_copy(update=changes)])
