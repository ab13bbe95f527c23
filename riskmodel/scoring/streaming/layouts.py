"""Layout of a file to score: that of the training file, if it fits."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence

from riskmodel.errors import DataError
from riskmodel.tables.arrow import strings
from riskmodel.tables.reading.encodings.detection import UTF8
from riskmodel.tables.reading.open_table import Layout, detect_format, open_table
from riskmodel.tables.reading.text.detection import examine_dialect
from riskmodel.tables.reading.text.header import read_header
from riskmodel.tables.schema.dialect import DELIMITERS, ENCODINGS, Dialect
from riskmodel.tables.schema.matching import find_renamed
from riskmodel.tables.schema.sheet_layout import SheetLayout
from riskmodel.tables.values.formulas import restore
from riskmodel.wording import count, listed

_LINES = {
    "skip_lines": "before the header",
    "header_lines": "in the header",
    "footer_lines": "after the last customer",
}


def fitting_layout(path: str | os.PathLike[str], stored: Layout | None, columns: Collection[str]) -> Layout | None:
    """The layout for reading a file; None to detect it from the content, or for formats without options.

    Of a text, the stored delimiter, quotes, comments and lines before and of the header are taken if they lead to the
    model's columns and the detected ones do not. Encoding, compression and footer lines
    are always detected: a total at the end of one month's file must not cost another month's last customer. If the
    file's encoding is uncertain and the stored one also fits, the stored one is used.

    Args:
        path: The file.
        stored: Layout of the training file.
        columns: Required by the model.

    Raises:
        DataError: the file is missing, empty or unreadable.
    """
    kind = detect_format(path)
    if kind == "workbook" and isinstance(stored, SheetLayout):
        return _fitting_sheet(path, stored, columns)
    if kind != "text" or not isinstance(stored, Dialect):
        return None
    examination = examine_dialect(path)
    found = examination.dialect
    if stored.encoding in dict(examination.encoding.alternatives):
        found = found.model_copy(update={"encoding": stored.encoding})
    own = {"encoding": found.encoding, "compression": found.compression, "footer_lines": found.footer_lines}
    likely = stored.model_copy(update=own)
    if likely == found or _has_columns(path, found, columns) or not _has_columns(path, likely, columns):
        return found
    return likely


def restore_names(names: Sequence[str], columns: Collection[str], known: Collection[str] = ()) -> list[str]:
    """A file's column names, with names that differ from the model's only in spelling replaced.

    That is a name that was escaped as a formula (`formulas.protect`), or is found by `matching.find_renamed`.

    Args:
        names: Of the file.
        columns: Required by the model.
        known: All columns of the training file.

    Example:
        >>> restore_names(["'+12m", "'x"], ["+12m", "x"])
        ['+12m', "'x"]
        >>> restore_names(["Annual Income"], ["annual_income"])
        ['annual_income']
    """
    missing = set(columns) - set(names)
    if not missing:
        return list(names)
    restored = restore(strings(names)).to_pylist()
    plain = [new if new in missing else name for name, new in zip(names, restored, strict=True)]
    renamed = find_renamed(columns, plain, known)
    return [renamed.get(name, name) for name in plain]


def describe_renamed(names: Sequence[str], restored: Sequence[str], chosen: Collection[str] = ()) -> tuple[str, ...]:
    """A sentence on matched columns with another spelling, and one for each with a chosen source; empty without any.

    Args:
        names: Of the file.
        restored: The same columns with the names of the model.
        chosen: Columns of the model with a chosen source (`Writing.sources`).
    """
    renamed = [(name, new) for name, new in zip(names, restored, strict=True) if new not in (name, name[1:])]
    pairs = [f"{name!r} as {new!r}" for name, new in renamed if new not in chosen]
    sentences = [f"Column {new!r} is read from {name!r}, as chosen." for name, new in renamed if new in chosen]
    if pairs:
        columns = count(len(pairs), "column whose name is", "columns whose names are")
        sentences.insert(0, f"{columns} written differently in the training file: {listed(pairs, 10)}.")
    return tuple(sentences)


def describe_differences(layout: Layout | None, stored: Layout | None) -> tuple[str, ...]:
    """Format differences from the training file, such as ``semicolons instead of commas``.

    Compression and the sheet of a workbook are not reported; nor is anything if the
    training file's layout is unknown.
    """
    if stored is None:
        return ()
    if isinstance(layout, Dialect) and isinstance(stored, Dialect):
        marks = zip(_marks(layout), _marks(stored), strict=True)
        lines = ((where, getattr(layout, field), getattr(stored, field)) for field, where in _LINES.items())
        return (
            *(f"{now} instead of {before}" for now, before in marks if now != before),
            *(f"{now} instead of {before} lines {where}" for where, now, before in lines if now != before),
        )
    if type(layout) is type(stored):
        return ()
    return (f"{_kind(layout)} instead of {_kind(stored)}",)


def _marks(dialect: Dialect) -> tuple[str, ...]:
    return (
        ENCODINGS.get("utf-8" if dialect.encoding in UTF8 else dialect.encoding, dialect.encoding),
        DELIMITERS.get(dialect.delimiter, repr(dialect.delimiter)).lower(),
        "single quotes" if dialect.quote == "'" else "double quotes",
        "backslashes before quotes" if dialect.escape else "no escapes",
        f"comments after {dialect.comment}" if dialect.comment else "no comments",
    )


def _kind(layout: Layout | None) -> str:
    if isinstance(layout, Dialect):
        return "a text file"
    return "a workbook" if isinstance(layout, SheetLayout) else "a typed file"


def _fitting_sheet(path: str | os.PathLike[str], stored: SheetLayout, columns: Collection[str]) -> SheetLayout | None:
    """The stored sheet, if the workbook has one of this name with the model's columns."""
    try:
        names = open_table(path, stored).names
    except DataError:
        return None
    return stored if set(columns) <= set(restore_names(names, columns)) else None


def _has_columns(path: str | os.PathLike[str], dialect: Dialect, columns: Collection[str]) -> bool:
    try:
        return set(columns) <= set(restore_names(read_header(path, dialect).names, columns))
    except DataError:
        return False
