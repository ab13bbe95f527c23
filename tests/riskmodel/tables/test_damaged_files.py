"""Files of every format with some bytes changed: a table or a DataError."""

import bz2
import gzip
import lzma
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
import xlsxwriter

from riskmodel.errors import DataError
from riskmodel.tables.reading.open_table import open_table
from tests.riskmodel.tables import workbook_files

pytestmark = pytest.mark.usefixtures("in_process")

TEXT = b"a,b\n" + b"1,2\n" * 500
TABLE = pa.table(
    {
        "id": list(range(100)),
        "region": pa.array([f"x{row % 7}" for row in range(100)]).dictionary_encode(),
        "seen": pa.array(range(100), pa.timestamp("us")),
    }
)
FRAME = pd.DataFrame({"id": ["a", "b"] * 50, "x": [1.5, 2.0] * 50, "day": pd.to_datetime(["2015-03-01"] * 100)})


def write_workbook(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Loans")
        for number in range(50):
            sheet.write_row(number, 0, [f"n{number}", number, number % 2 == 0])


def write_ipc(path: Path, open_writer: Callable[..., Any]) -> None:
    with pa.OSFile(str(path), "wb") as sink, open_writer(sink, TABLE.schema) as writer:
        writer.write_table(TABLE)


ODS_CELL = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
WRITERS: dict[str, Callable[[Path], object]] = {
    "xlsx": write_workbook,
    "xls": lambda path: path.write_bytes(workbook_files.xls()),
    "xlsb": lambda path: path.write_bytes(workbook_files.xlsb([["id", "x"], ["007", 0.1], ["e", True]], {})),
    "ods": lambda path: path.write_bytes(
        workbook_files.ods("".join(f"<table:table-row>{ODS_CELL.format(text)}</table:table-row>" for text in "abc"))
    ),
    "parquet": lambda path: pq.write_table(TABLE, path),
    "arrow": lambda path: write_ipc(path, pa.ipc.new_file),
    "stream": lambda path: write_ipc(path, pa.ipc.new_stream),
    "sav": lambda path: pyreadstat.write_sav(FRAME, path),
    "zsav": lambda path: pyreadstat.write_sav(FRAME, path, compress=True),
    "dta": lambda path: pyreadstat.write_dta(FRAME, path),
    "xpt": lambda path: pyreadstat.write_xport(FRAME, path),
    "gz": lambda path: path.write_bytes(gzip.compress(TEXT)),
    "xz": lambda path: path.write_bytes(lzma.compress(TEXT)),
    "bz2": lambda path: path.write_bytes(bz2.compress(TEXT)),
    "zst": lambda path: path.write_bytes(pa.compress(TEXT, "zstd", asbytes=True)),
    "zip": lambda path: path.write_bytes(workbook_files.zipped({"a.csv": TEXT})),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", WRITERS)
def test_a_damaged_file_is_read_or_raises_a_data_error(tmp_path: Path, name: str) -> None:
    path = tmp_path / "customers"
    WRITERS[name](path)
    whole = path.read_bytes()
    assert open_table(path).read_all().num_rows > 0
    chance = random.Random(name)
    refused = 0
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(chance.choice([1, 2, 8])):
            content[chance.randrange(len(content))] = chance.randrange(256)
        if chance.random() < 0.2:
            del content[chance.randrange(1, len(content)) :]
        path.write_bytes(content)
        try:
            for batch in open_table(path):
                assert batch.num_rows > 0
        except DataError as error:
            assert "'customers'" in str(error)
            refused += 1
    assert refused > 0


def test_false_sizes_in_a_damaged_xls_file_are_rejected(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    whole = workbook_files.xls()
    size = whole.index(b"\x00\x02\x0e\x00") + 4  # the record of a sheet's size
    container, sheet = bytearray(whole), bytearray(whole)
    container[44:48] = (1 << 30).to_bytes(4, "little")
    sheet[size : size + 8] = bytes(4) + (1 << 31).to_bytes(4, "little")
    for content, words in (
        (container, "the header declares more data than the file holds"),
        (sheet, "a sheet has an impossible size"),
    ):
        path.write_bytes(content)
        with pytest.raises(DataError, match=f"'old.xls' is .* damaged or cut off: {words}. Copy or export it again"):
            open_table(path)
