"""Options of all commands that read a table: format and column roles."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from riskmodel.command_line.shared.options import OptionGroup
from riskmodel.errors import ConfigError, DataError, UnreadableCellsError

if TYPE_CHECKING:
    from riskmodel.scoring.streaming.writing import Writing
    from riskmodel.tables.proposal.schema_changes import SchemaChanges
    from riskmodel.tables.reading.open_table import Layout
    from riskmodel.tables.schema.schema import Schema
    from riskmodel.tables.values.numbers import NumberFormat

_WRITING = ("encoding", "delimiter", "quote", "comment", "skip_lines", "header_lines", "footer_lines")
READING_OPTIONS = "--role, --missing, --special, --date-format, --number-format, --unreadable"
"""The options of `ColumnOptions` for single columns."""
_DELIMITERS = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";", "bar": "|"}


@dataclass(frozen=True)
class LayoutOptions(OptionGroup):
    """Layout of a table; None is detected from the content."""

    sheet: Annotated[
        str | None, typer.Option(metavar="NAME", help="Sheet of a workbook; default: the first with a table.")
    ] = None
    header_row: Annotated[int | None, typer.Option(metavar="N", min=1, help="Header row of a sheet.")] = None
    encoding: Annotated[
        str | None, typer.Option(metavar="NAME", help="Encoding of a text, such as utf-8 or cp1252.")
    ] = None
    delimiter: Annotated[
        str | None, typer.Option(metavar="CHARACTER", help="Delimiter of a text file: one character, or tab or space.")
    ] = None
    quote: Annotated[str | None, typer.Option(metavar="CHARACTER", help="Quote character of a text file: \" or '.")] = (
        None
    )
    comment: Annotated[str | None, typer.Option(metavar="CHARACTER", help="Comment character of a text file.")] = None
    skip_lines: Annotated[int | None, typer.Option(metavar="N", min=0, help="Lines of a text before the header.")] = (
        None
    )
    header_lines: Annotated[
        int | None, typer.Option(metavar="N", min=0, max=3, help="Header lines of a text file; 0 without column names.")
    ] = None
    footer_lines: Annotated[int | None, typer.Option(metavar="N", min=0, help="Footer lines of a text file.")] = None

    def layout_of(self, file: Path) -> Layout | None:
        """The layout for readers; None to detect it from the content.

        Raises:
            ConfigError: An option does not apply to this kind of file, or its value is invalid.
        """
        values = {name: value for name in _WRITING if (value := getattr(self, name)) is not None}
        if self.sheet is not None or self.header_row is not None:
            if values:
                raise ConfigError(
                    f"{_option(next(iter(values)))} is for text files, --sheet and --header-row for workbooks."
                )
            from riskmodel.tables.schema.sheet_layout import SheetLayout

            return SheetLayout(sheet=self.sheet, header_row=self.header_row)
        return _read_dialect(file, values) if values else None


def _read_dialect(file: Path, values: dict[str, Any]) -> Layout:
    import codecs

    from pydantic import ValidationError

    from riskmodel.tables.reading.open_table import detect_format
    from riskmodel.tables.reading.text.detection import detect_dialect
    from riskmodel.tables.schema.dialect import Dialect

    if detect_format(file) != "text":
        raise ConfigError(f"{_option(next(iter(values)))} is for text files; {file.name} is not one. Omit it.")
    values["delimiter"] = _DELIMITERS.get(values.get("delimiter", ""), values.get("delimiter"))
    try:
        codecs.lookup(values.get("encoding") or "utf-8")
        known = {name: value for name, value in values.items() if value is not None}
        delimiter = Dialect.model_validate(known).delimiter if "delimiter" in known else None
        return Dialect.model_validate({**detect_dialect(file, delimiter).model_dump(), **known})
    except LookupError:
        raise ConfigError(f"--encoding: there is no encoding '{values['encoding']}'. Try utf-8 or cp1252.") from None
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "delimiter"
        reason = first["msg"].removeprefix("Value error, ")
        raise ConfigError(f"{_option(name)}: {reason}; received {first['input']!r:.60}.") from None


@dataclass(frozen=True)
class WritingOptions(OptionGroup):
    """Formats of columns; the rest is detected from the content."""

    missing: Annotated[
        list[str] | None,
        typer.Option(metavar="[COLUMN=]TEXT", help="Missing-value marker, for all columns or one; repeatable."),
    ] = None
    date_format: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN=FORMAT", help="Date format, such as opened=DD.MM.YYYY or =%d.%m.%Y; repeatable."),
    ] = None
    number_format: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN=EXAMPLE",
            help="Number format, by examples separated by 'or', such as 'income=1.234,50 EUR', "
            "income=12.5% or 'income=5k or 3 million'; 'income=5 M:1000' defines M as thousand; repeatable.",
        ),
    ] = None

    def writing(self) -> Writing:
        """Formats of a file to score that differ from the training file; errors as for `number_formats`."""
        from riskmodel.scoring.streaming.writing import Writing

        formats = self.named_date_formats(), self.named_number_formats()
        return Writing(*formats, missing=self.missing or ())

    def named_date_formats(self) -> dict[str, str]:
        """The date format of each column; ConfigError for a malformed option."""
        from riskmodel.tables.values.date_notation import from_notation

        formats = _pairs("--date-format", "FORMAT", self.date_format)
        return {column: from_notation(text) for column, text in formats.items()}

    def named_number_formats(self) -> dict[str, NumberFormat]:
        """The number format of each column.

        Raises:
            ConfigError: a malformed option.
            DataError: An example is not a number of one known format.
        """
        from riskmodel.tables.values.number_formats import format_of_example

        examples = _pairs("--number-format", "EXAMPLE", self.number_format)
        return {name: format_of_example(example) for name, example in examples.items()}


@dataclass(frozen=True)
class ScoredColumnOptions(WritingOptions):
    """Formats and names of the columns of a file to score."""

    source_column: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN=NAME",
            help="Column of FILE that is read as a column of the model, such as income=salary; repeatable.",
        ),
    ] = None

    def writing(self) -> Writing:
        """As for `WritingOptions`; ConfigError for a malformed option."""
        return replace(super().writing(), sources=_pairs("--source-column", "NAME", self.source_column))


@dataclass(frozen=True)
class ColumnOptions(WritingOptions):
    """Column roles and reading of their cells; the rest is proposed."""

    schema: Annotated[
        Path | None,
        typer.Option(metavar="FILE", exists=True, dir_okay=False, help="Schema from `check --write-schema`."),
    ] = None
    role: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN=ROLE",
            help="numerical, categorical, date, identifier or ignored, such as age=numerical; repeatable.",
        ),
    ] = None
    unreadable: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN=ACTION",
            help="Treatment of unreadable cells: missing, code to learn each text as a special code, or "
            "reject to exclude their rows; repeatable.",
        ),
    ] = None
    special: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN=TEXT",
            help="Text of a numerical or date column that is a special code, learned separately from missing values, "
            "such as income=refused; repeatable.",
        ),
    ] = None

    category: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN=TEXT",
            help="Text that is a category of a column though usually read as missing, such as lien=None; repeatable.",
        ),
    ] = None

    def read_schema(self) -> Schema | None:
        """The schema of the given file."""
        from riskmodel.tables.schema.schema import Schema

        return None if self.schema is None else Schema.from_file(self.schema)

    def changes(self) -> SchemaChanges:
        """The changes to the schema.

        Raises:
            ConfigError: a malformed option.
        """
        from riskmodel.tables.proposal.schema_changes import SchemaChanges

        return SchemaChanges(
            kinds=_pairs("--role", "ROLE", self.role, ("numerical", "categorical", "date", "identifier", "ignored")),
            missing=self.missing or (),
            date_formats=self.named_date_formats(),
            number_formats=self.named_number_formats(),
            unreadable=_pairs("--unreadable", "ACTION", self.unreadable, ("missing", "code", "reject")),
            special=self.special or (),
            categories=self.category or (),
        )


def describe_remedy(error: UnreadableCellsError) -> str:
    """The error with the options that solve it."""
    name = shlex.quote(error.column)
    marker = shlex.quote(f"{error.column}={error.text.strip()}")
    return (
        f"{error.fact} Add --missing {marker} to read it as missing, --unreadable {name}=missing for all such cells, "
        f"--unreadable {name}=code to learn each text as a special code, --unreadable {name}=reject to exclude their "
        f"rows, or --role {name}=ignored to exclude the column; see also --date-format, --number-format and "
        f"--role."
    )


def describe_settings(error: DataError) -> str:
    """The error with the options of the settings that solve it."""
    options = ", ".join(map(_option, error.settings))
    return f"{error} Options: {options}." if options else str(error)


def _pairs(option: str, what: str, texts: list[str] | None, allowed: tuple[str, ...] = ()) -> dict[str, Any]:
    """The value of each column of a repeatable option."""
    found = {}
    for text in texts or ():
        name, equals, value = text.rpartition("=")
        if not equals or not name:
            raise ConfigError(f"{option} is written as COLUMN={what}; received '{text}'.")
        if allowed and value not in allowed:
            raise ConfigError(f"{option}: '{value}' is not one of {', '.join(allowed)}; received '{text}'.")
        found[name] = value
    return found


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
