"""Untrusted files in a child process: the same table as in this process, which no file or fault ends."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
import xlsxwriter

from riskmodel.errors import DataError
from riskmodel.tables.reading.child import reader_process
from riskmodel.tables.reading.child.native_readers import NativeFormat, open_native
from riskmodel.tables.reading.child.reader_limits import ReaderLimits
from riskmodel.tables.reading.child.reader_process import ProcessReader, list_sheets
from riskmodel.tables.reading.open_table import open_table, read_file
from riskmodel.tables.schema.sheet_layout import SheetLayout

ROWS = 50
FRAME = pd.DataFrame({"id": [f"{row:03d}" for row in range(ROWS)], "note": ["é, 漢 \u2028"] * ROWS, "x": [0.5] * ROWS})


def write_workbook(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Notes").write(0, 0, "Loans of 2015")
        sheet = book.add_worksheet("Loans")
        sheet.write_row(0, 0, list(FRAME.columns))
        for number, row in enumerate(FRAME.itertuples(index=False), 1):
            sheet.write_row(number, 0, row)


WRITERS: dict[NativeFormat, Callable[[Path], object]] = {
    "workbook": write_workbook,
    "parquet": FRAME.to_parquet,
    "spss": lambda path: pyreadstat.write_sav(FRAME, path),
}


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    path = tmp_path / "customers.parquet"
    FRAME.to_parquet(path)
    return path


def child_of(reader: ProcessReader) -> int:
    assert reader._waiting is not None
    return int(reader._waiting._process.pid)


@pytest.mark.parametrize("kind", WRITERS)
def test_a_child_returns_the_same_table_as_this_process(tmp_path: Path, kind: NativeFormat) -> None:
    path = tmp_path / "customers"
    WRITERS[kind](path)
    here = open_native(str(path), kind, None, 200)
    reader = open_table(path, block_bytes=200)
    assert isinstance(reader, ProcessReader)
    assert (reader.names, reader.description, reader.notes) == (here.names, here.description, here.notes)
    assert reader.layout == here.layout
    assert list(reader) == list(here)
    assert read_file(path).table == here.read_all()


def test_a_pass_may_be_abandoned_and_another_begun(parquet: Path) -> None:
    reader = open_table(parquet, block_bytes=200)
    first = next(iter(reader))
    assert first.num_rows < ROWS
    assert reader.read_all().num_rows == reader.read_all().num_rows == ROWS


def test_a_sheet_can_be_chosen(tmp_path: Path) -> None:
    path = tmp_path / "customers.xlsx"
    write_workbook(path)
    sheets = list_sheets(path)
    assert (sheets.likely, sheets.num_rows) == ("Loans", {"Notes": 1, "Loans": ROWS + 1})
    layout = SheetLayout(sheet="Loans", header_row=2)
    assert open_table(path, layout).layout == layout


def test_a_crash_of_a_child_is_an_error_of_its_file(parquet: Path) -> None:
    reader = open_table(parquet)
    assert isinstance(reader, ProcessReader)
    os.kill(child_of(reader), signal.SIGSEGV)
    with pytest.raises(DataError, match=r"'customers.parquet' \([0-9,]+ bytes\) cannot be read.*crashed.*SIGSEGV"):
        reader.read_all()
    assert reader.read_all().num_rows == ROWS


def test_exceeding_the_memory_limit_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.parquet"
    pq.write_table(pa.table({"note": ["x" * (32 << 20)] * 2}), path, compression="zstd")
    monkeypatch.setattr(ReaderLimits, "of_file", lambda size, is_parquet: ReaderLimits(48 << 20, 20))
    with pytest.raises(DataError, match=r"'large.parquet' .*cannot be read: reading it needed more than 48 MiB of mem"):
        open_table(path).read_all()


def test_exceeding_the_time_limit_is_reported(parquet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReaderLimits, "of_file", lambda size, is_parquet: ReaderLimits(512 << 20, 77))
    reader = open_table(parquet)
    assert isinstance(reader, ProcessReader)
    limits = (Path("/proc") / str(child_of(reader)) / "limits").read_text()
    assert 77 <= int(re.search(r"Max cpu time +(\d+)", limits)[1]) < 87  # type: ignore[index]
    os.kill(child_of(reader), signal.SIGXCPU)
    with pytest.raises(DataError, match=r"'customers.parquet' .*took more than 77 seconds of processor time"):
        reader.read_all()


def test_a_child_has_no_descriptors_and_no_secrets_of_its_parent(
    parquet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RISKMODEL_DATABASE_URL", "postgresql://user:secret@host/name")
    with parquet.open("rb") as stream:
        os.set_inheritable(stream.fileno(), True)
        reader = open_table(parquet)
        assert isinstance(reader, ProcessReader)
        process = Path("/proc") / str(child_of(reader))
        opened = {os.readlink(link) for link in (process / "fd").iterdir()}
        assert str(parquet) not in opened
        assert "secret" not in (process / "environ").read_text()
        limits = (process / "limits").read_text()
    assert "Max core file size        0" in limits
    assert "Max file size             0" in limits


def test_a_child_exits_with_its_parent(parquet: Path) -> None:
    program = (
        "import sys; from riskmodel.tables.reading.open_table import open_table\n"
        "reader = open_table(sys.argv[1]); print(reader._waiting._process.pid, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(parquet)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = Path("/proc") / parent.stdout.readline().decode().strip()
        assert child.exists()
        parent.kill()
        parent.wait()
        for _ in range(200):
            if not child.exists() or (child / "stat").read_text().split()[2] == "Z":
                return
            time.sleep(0.05)
    pytest.fail("the child lives on")


@pytest.mark.parametrize(("length", "is_read"), [(4, True), (1_000, False)])
def test_a_table_may_take_twelve_times_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: int, is_read: bool
) -> None:
    """A row takes 8 bytes in the file; in the table about 26 for the number, and the repeated text."""
    monkeypatch.setattr(reader_process, "_FREE_TABLE_BYTES", 1 << 10)
    path = tmp_path / "customers.parquet"
    numbers = np.random.default_rng(0).integers(0, 1 << 62, 5_000)
    pq.write_table(pa.table({"n": numbers, "note": ["v" * length] * 5_000}), path, compression="zstd")
    if is_read:
        assert open_table(path).read_all().num_rows == 5_000
        return
    with pytest.raises(DataError, match="grows to more than 0 MiB when it is read"):
        open_table(path).read_all()


def test_memory_of_a_reader_grows_slowly_with_a_parquet_file() -> None:
    mebibytes = [ReaderLimits.of_file(100 << 20, is_parquet).memory_bytes >> 20 for is_parquet in (True, False)]
    assert mebibytes == [712, 4_000]
