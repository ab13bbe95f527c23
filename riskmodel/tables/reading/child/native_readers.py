"""Readers based on native libraries. They run in a child process; see `reader_process`.

A library is imported on first use.
"""

from __future__ import annotations

import importlib
from typing import Any, Literal, TypeAlias

from riskmodel.tables.files.signatures import Binary
from riskmodel.tables.reading.typed.typed_reader import TypedReader

NativeFormat: TypeAlias = Literal["workbook"] | Binary

_MODULES: dict[NativeFormat, str] = {
    "workbook": "riskmodel.tables.reading.sheets.workbooks",
    "parquet": "riskmodel.tables.reading.typed.columnar",
    "arrow": "riskmodel.tables.reading.typed.columnar",
}


def import_library(kind: NativeFormat) -> Any:
    """The reader module for this format."""
    return importlib.import_module(_MODULES.get(kind, "riskmodel.tables.reading.typed.statistics_files"))


def open_native(path: str, kind: NativeFormat, layout: str | None, block_bytes: int) -> TypedReader:
    """Open a file with its format's library, in this process.

    Args:
        path: The file.
        kind: Its format.
        layout: A `SheetLayout` as JSON, for workbooks.
        block_bytes: Approximate number of bytes per batch.

    Raises:
        DataError: As `WorkbookReader`, `ColumnarReader` and `StatisticsReader`.
    """
    module = import_library(kind)
    reader: TypedReader
    if kind == "workbook":
        sheet_layout = module.SheetLayout.model_validate_json(layout) if layout else None
        reader = module.WorkbookReader(path, sheet_layout, block_bytes)
    elif kind == "parquet" or kind == "arrow":
        reader = module.ColumnarReader(path, kind, block_bytes)
    else:
        reader = module.StatisticsReader(path, kind, block_bytes)
    return reader
