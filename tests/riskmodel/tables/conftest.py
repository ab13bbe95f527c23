"""Fixtures of the tests of tables."""

import os

import pytest

from riskmodel.tables.files.source import DEFAULT_BLOCK_BYTES
from riskmodel.tables.reading import open_table
from riskmodel.tables.reading.child.native_readers import NativeFormat, open_native
from riskmodel.tables.reading.typed.typed_reader import TypedReader
from riskmodel.tables.schema.sheet_layout import SheetLayout


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run native readers in the process of the tests: fast, and patchable."""

    def open_here(
        path: str | os.PathLike[str],
        kind: NativeFormat,
        layout: SheetLayout | None = None,
        block_bytes: int = DEFAULT_BLOCK_BYTES,
    ) -> TypedReader:
        return open_native(os.fspath(path), kind, layout.model_dump_json() if layout else None, block_bytes)

    monkeypatch.setattr(open_table, "ProcessReader", open_here)
