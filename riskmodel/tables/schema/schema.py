"""`Schema`: the role and format of each column, decided by the analyst and stored with data and model."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from riskmodel.errors import DataError, first_problem
from riskmodel.json_text import check_size, read_regular
from riskmodel.tables.schema.dialect import Dialect
from riskmodel.tables.schema.sheet_layout import SheetLayout
from riskmodel.tables.values.numbers import NumberFormat
from riskmodel.tables.values.outcomes import outcome_keys
from riskmodel.wording import first_few, listed

ColumnKind = Literal["numerical", "categorical", "date", "identifier", "target", "ignored"]
"""Kinds of columns; the first three are inputs of a network."""

CategoryValues = Literal["text", "number", "boolean", "binary"]
"""Comparison of the cells of a categorical column; see `category_values`."""

COLUMN_KINDS: tuple[ColumnKind, ...] = get_args(ColumnKind)
INPUT_KINDS: tuple[ColumnKind, ...] = ("numerical", "categorical", "date")
MISSING_MARKERS = (
    *("", "NA", "N/A", "#N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "<NA>"),
    *(".", "-", "--", "–", "—", "?", "无", "缺失"),
)
"""Default missing-value markers; spaces around a cell are ignored."""
LEVEL_MARKERS = tuple(marker for marker in MISSING_MARKERS if marker != "无")
"""The same for categories, among which 无 ("none", "has not") is a value."""
MAX_SPECIAL_TEXTS = 50
"""Most special codes of a column; each becomes a separate input."""
_FIRST_CODE = -(2.0**400)
_FIRST_CODE_DAY = (date(3, 1, 1) - date(1970, 1, 1)).days


class Column(BaseModel):
    """One column of a table.

    Attributes:
        name: The column's name, exactly as in the file's header.
        kind: The column's role.
        date_format: Format of dates, in `strptime` codes; None means ISO (``%Y-%m-%d``). Unambiguous dates in
            other formats are read as well (`read_dates`). Only for dates.
        first_year: First of the hundred years of two-digit years (``%y``); None means 1969.
        number_format: Format of numbers; None means plain, as programs write them. Only for numerical columns.
        missing_markers: Cells of this column read as missing, in place of the schema's; None means the schema's. In a
            numerical column a marker that is a number of its format matches that number in every spelling, so
            ``-9999`` is also ``-9999.00``; in a date column a marker that is a date matches that day.
        values: Comparison of the cells of a categorical column; None compares them character by character, as
            schemas of earlier versions do.
        merged: Description of the merged spellings of a categorical column; empty without any.
        reason: Why this kind was proposed, for the analyst.
        personal: The kind of personal data, such as ``e-mail addresses``, masked in the interface; None without any.
        protected: The protected attribute named by the column, such as ``age``; None without one.
        unreadable: Whether unreadable cells are an error for the table, or only reject their rows.
        special_texts: Texts of a numerical or date column, without surrounding spaces, used as special codes, not
            values, each a separate input. They take precedence over missing-value markers, and one that is a value
            matches that value in every spelling.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: ColumnKind
    date_format: str | None = None
    first_year: int | None = None
    number_format: NumberFormat | None = None
    missing_markers: tuple[str, ...] | None = None
    values: CategoryValues | None = None
    merged: str = ""
    reason: str = ""
    personal: str | None = None
    protected: str | None = None
    unreadable: Literal["refuse", "reject"] = "refuse"
    special_texts: tuple[str, ...] = Field((), max_length=MAX_SPECIAL_TEXTS)

    @property
    def extra_markers(self) -> tuple[str, ...]:
        """Its missing-value markers in addition to the default ones."""
        return tuple(marker for marker in self.missing_markers or () if marker not in MISSING_MARKERS)

    @property
    def special_codes(self) -> dict[str, float]:
        """The value of each special text in a typed table: a number, or days since 1970-01-01, far from every value."""
        if self.kind == "numerical":
            return {text: _FIRST_CODE * (place + 1) for place, text in enumerate(self.special_texts)}
        if self.kind == "date":
            return {text: float(_FIRST_CODE_DAY + place) for place, text in enumerate(self.special_texts)}
        return {}


class Schema(BaseModel):
    """The columns of a table in the file's order, the target's bad and good values, and the missing markers.

    Attributes:
        columns: Description of each column.
        bad_values: Values of the target for bad customers; empty while none is chosen. Spellings that differ
            only in case, surrounding spaces, Unicode form or number format are one value.
        good_values: Values for good customers; all others are undetermined and excluded from training, like rows
            without an outcome. None means that every value that is not bad is good.
        missing_markers: Missing-value markers of columns that have no markers of their own.
        layout: The dialect of a text file or the location of the table in a workbook; None for other formats.

    Raises:
        DataError: Two columns share a name, more than one column is the target, or a value is both bad and good.

    Example:
        >>> schema = Schema(columns=(Column(name="income", kind="numerical"), Column(name="default", kind="target")))
        >>> schema.target, schema.inputs
        ('default', ('income',))
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: tuple[Column, ...]
    bad_values: tuple[str, ...] = ()
    good_values: tuple[str, ...] | None = None
    missing_markers: tuple[str, ...] = MISSING_MARKERS
    layout: Dialect | SheetLayout | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_single_bad_value(cls, fields: Any) -> Any:
        """Read schemas of earlier versions, with a single ``bad_value`` and every other value good."""
        if not isinstance(fields, dict) or "bad_value" not in fields:
            return fields
        value = fields["bad_value"]
        rest = {name: field for name, field in fields.items() if name != "bad_value"}
        return {**rest, "bad_values": () if value is None else (value,)}

    @model_validator(mode="after")
    def _check(self) -> Schema:
        twice = [name for name, count in Counter(self.names).items() if count > 1]
        if twice:
            raise DataError(f"Column {twice[0]!r} is described twice in the schema. Column names must be unique.")
        targets = self._named("target")
        if len(targets) > 1:
            names = listed([repr(name) for name in targets])
            raise DataError(f"Columns {names} are all marked as target. Keep one and mark the others as ignored.")
        both = [value for value in self.good_values or () if outcome_keys([value]) & outcome_keys(self.bad_values)]
        if both:
            raise DataError(f"Target value {both[0]!r} is named as bad and as good. Name it once.")
        return self

    def _named(self, *kinds: ColumnKind) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.kind in kinds)

    @property
    def names(self) -> tuple[str, ...]:
        """Every column's name, in the file's order."""
        return tuple(column.name for column in self.columns)

    @property
    def target(self) -> str | None:
        """The target column's name, or None while none is chosen."""
        return next(iter(self._named("target")), None)

    @property
    def identifiers(self) -> tuple[str, ...]:
        """Names of the identifier columns."""
        return self._named("identifier")

    @property
    def numerical(self) -> tuple[str, ...]:
        """Names of the numerical inputs."""
        return self._named("numerical")

    @property
    def categorical(self) -> tuple[str, ...]:
        """Names of the categorical inputs."""
        return self._named("categorical")

    @property
    def dates(self) -> tuple[str, ...]:
        """Names of the date inputs."""
        return self._named("date")

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of all inputs of a network, in the file's order."""
        return self._named(*INPUT_KINDS)

    def column(self, name: str) -> Column:
        """The description of one column.

        Raises:
            DataError: The column does not exist; the message lists similar names.
        """
        column = self._by_name.get(name)
        if column is None:
            raise DataError(describe_unknown_column(name, self.names))
        return column

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def kind_of(self, name: str) -> ColumnKind:
        """The kind of one column; DataError if it does not exist."""
        return self.column(name).kind

    def markers_of(self, name: str) -> tuple[str, ...]:
        """The missing-value markers of one column; DataError if it does not exist."""
        own = self.column(name).missing_markers
        return self.missing_markers if own is None else own

    def with_kinds(self, kinds: Mapping[str, ColumnKind]) -> Schema:
        """A copy in which the named columns have the given kinds.

        Raises:
            DataError: An unknown column or kind, or more than one target afterwards.
        """
        for name, kind in kinds.items():
            self.column(name)
            if kind not in COLUMN_KINDS:
                raise DataError(f"Column {name!r} cannot be {kind!r}. Choose one of {', '.join(COLUMN_KINDS)}.")
        columns = tuple(_with_kind(column, kinds.get(column.name, column.kind)) for column in self.columns)
        changed = self._changed(columns=columns)
        return changed if changed.target == self.target else changed.with_outcomes(())

    @property
    def has_outcome(self) -> bool:
        """True if there is a target with at least one bad value."""
        return self.target is not None and bool(self.bad_values)

    def with_outcomes(self, bad: str | Iterable[str], good: str | Iterable[str] | None = None) -> Schema:
        """A copy with the target's bad values `bad` and good values `good` (None: all others).

        Raises:
            DataError: A value is both bad and good.
        """
        return self._changed(bad_values=_as_values(bad), good_values=None if good is None else _as_values(good))

    def with_target(self, name: str, bad: str | Iterable[str] = (), good: str | Iterable[str] | None = None) -> Schema:
        """A copy whose target is `name`; a former target becomes ignored, since as an input it would leak.

        Raises:
            DataError: There is no such column.
        """
        kinds: dict[str, ColumnKind] = {name: "target"}
        if self.target is not None and self.target != name:
            kinds[self.target] = "ignored"
        return self.with_kinds(kinds).with_outcomes(bad, good)

    def with_columns(self, columns: Iterable[Column]) -> Schema:
        """A copy in which the given columns replace those with the same names."""
        replaced = {column.name: column for column in columns}
        merged = tuple(replaced.get(column.name, column) for column in self.columns)
        return self._changed(columns=merged)

    def with_layout(self, layout: Dialect | SheetLayout | None) -> Schema:
        """A copy with the given dialect or sheet layout."""
        return self._changed(layout=layout)

    def _changed(self, **fields: object) -> Schema:
        """A checked copy."""
        return Schema(**{**dict(self), **fields})

    def written_plainly(self, names: Iterable[str]) -> Schema:
        """A copy in which the named columns have plain numbers and ISO dates, as written by programs."""
        plain = {"number_format": None, "date_format": None, "first_year": None}
        return self.with_columns([self.column(name).model_copy(update=plain) for name in names])

    def with_marker(self, marker: str) -> Schema:
        """A copy with `marker` as a missing-value marker of every column."""
        added = [
            column.model_copy(update={"missing_markers": _joined(column.missing_markers, marker)})
            for column in self.columns
            if column.missing_markers is not None
        ]
        changed = self.with_columns(added)
        return changed.model_copy(update={"missing_markers": _joined(self.missing_markers, marker)})

    def to_json(self) -> str:
        """The schema as indented JSON text."""
        return self.model_dump_json(indent=2)

    @classmethod
    def from_json(cls, text: str | bytes) -> Schema:
        """Read a schema written by `to_json`.

        Raises:
            DataError: The text is not a schema; names the field, the rule and the value.
        """
        try:
            check_size(text)
        except ValueError as error:
            raise DataError(f"Not a schema: the text {error}.") from error
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            first = first_problem(error)
            where = ".".join(str(part) for part in first["loc"]) or "the text"
            raise DataError(f"Not a schema: {where:.200}: {first['msg']}; received {first['input']!r:.80}.") from error

    @classmethod
    def from_file(cls, path: Path) -> Schema:
        """Read a file written by `to_json`.

        Raises:
            DataError: As for `from_json`, or it is not a regular file.
        """
        try:
            return cls.from_json(read_regular(path))
        except ValueError as error:
            raise DataError(f"Not a schema: '{path.name}' {error}.") from error


def describe_unknown_column(name: str, names: Iterable[str]) -> str:
    """Error message for a column that is not in the table, with similar names if any."""
    known = list(names)
    if len(known) == 1 and name != known[0] and name in known[0]:
        return f"The table has one column, {known[0]!r}, and none called {name!r}. Choose the delimiter."
    by_folded = {name.casefold(): name for name in reversed(known)}
    close = difflib.get_close_matches(name.casefold(), list(by_folded), n=3)
    if close:
        similar = listed([repr(by_folded[folded]) for folded in close], final="or")
        return f"There is no column {name!r}. Did you mean {similar}?"
    return f"There is no column {name!r}. The columns are {first_few([repr(name) for name in known], 8)}."


def _with_kind(column: Column, kind: ColumnKind) -> Column:
    if column.kind == kind:
        return column
    return column.model_copy(update={"kind": kind, "reason": "chosen by the analyst"})


def _as_values(values: str | Iterable[str]) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(dict.fromkeys(values))


def _joined(markers: tuple[str, ...], marker: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((marker, *markers)))
