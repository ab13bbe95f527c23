"""Small files that crash the process that reads them, or exhaust its memory: each with the expected error.

The limits are those of the test that reads them: 96 MiB for a child, and 64 MiB for a table.
"""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pyreadstat

from tests.riskmodel.tables import workbook_files

STRINGS = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" {}>{}</sst>'
ROWS = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>0</v></c></row>' + "".join(
    f'<row r="{row}"><c r="A{row}"><v>{row}</v></c><c r="B{row}"><v>1</v></c></row>' for row in range(2, 9)
)


def claim_size(workbook: bytes, size: int) -> bytes:
    """A workbook whose first part claims a size in the archive's directory."""
    place = workbook.index(b"PK\x01\x02") + 24
    return workbook[:place] + size.to_bytes(4, "little") + workbook[place + 4 :]


def with_strings(strings: str, rows: str = ROWS) -> bytes:
    """A workbook with shared strings."""
    relation = f"{workbook_files._RELATION}/sharedStrings"
    with zipfile.ZipFile(io.BytesIO(workbook_files.xlsx(rows))) as archive:
        parts: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    target = f'<Relationship Id="s1" Type="{relation}" Target="sharedStrings.xml"/></Relationships>'
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = str(parts[relations], "ascii").replace("</Relationships>", target)
    parts["xl/sharedStrings.xml"] = strings
    return workbook_files.zipped(parts)


def ods(cells: str, rows: int = 5) -> bytes:
    """A spreadsheet of rows with these cells."""
    return workbook_files.ods(f"<table:table-row>{cells}</table:table-row>" * rows)


def ods_text(inside: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>a{inside}b</text:p></table:table-cell>'


def many_cells(path: Path) -> None:
    """30 columns of a million cells that are one value."""
    cells = pa.DictionaryArray.from_arrays(pa.nulls(1_000_000, pa.int8()).fill_null(0), ["x"])
    pq.write_table(pa.table({f"c{number}": cells for number in range(30)}), path)


def long_cell(path: Path) -> None:
    """One cell of 160 MiB."""
    pq.write_table(
        pa.table({"id": ["a"], "note": ["x" * (160 << 20)]}), path, compression="zstd", write_statistics=False
    )


def false_count(path: Path) -> None:
    """A Stata file of the year 2005 that claims 2 billion rows."""
    pyreadstat.write_dta(pd.DataFrame({"id": ["a", "b"], "x": [1.0, 2.0]}), path, version=10)
    content = bytearray(path.read_bytes())
    content[6:10] = struct.pack("<i", 2_000_000_000)
    path.write_bytes(content)


def false_rows(path: Path) -> None:
    """A Feather file whose column has a name that is not UTF-8."""
    pa.feather.write_feather(pa.table({"namexyz": [1, 2]}), path, compression="uncompressed")
    path.write_bytes(path.read_bytes().replace(b"namexyz", b"name\xff\xfe\xfd"))


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "strings beyond 32 bits": (
        lambda path: path.write_bytes(with_strings(STRINGS.format('uniqueCount="429496729512"', "<si><t>x</t></si>"))),
        "claims 429,496,729,512 shared strings",
    ),
    "four billion strings": (
        lambda path: path.write_bytes(
            with_strings(STRINGS.format('count="4000000000" uniqueCount="4000000000"', "<si><t>x</t></si>"))
        ),
        "claims 4,000,000,000 shared strings",
    ),
    "millions of strings": (
        lambda path: path.write_bytes(with_strings(STRINGS.format("", "<si/>" * 6_000_000))),
        "needed more than 96 MiB of memory",
    ),
    "two billion spaces": (
        lambda path: path.write_bytes(ods(ods_text('<text:s text:c="2000000000"/>') * 2)),
        "claims 2,000,000,000 spaces",
    ),
    "many spaces in many cells": (
        lambda path: path.write_bytes(ods(ods_text('<text:s text:c="999999"/>' * 100) * 2, 50)),
        "claims .* spaces",
    ),
    "a cell repeated": (
        lambda path: path.write_bytes(
            ods(
                '<table:table-cell office:value-type="float" table:number-columns-repeated="16000" office:value="1"/>',
                900,
            )
        ),
        "the cells of sheet 'Open' reach from A1 to .*; more than 4,000,000 are not read from a workbook of this size",
    ),
    "a row repeated": (
        lambda path: path.write_bytes(
            workbook_files.ods(
                '<table:table-row table:number-rows-repeated="1000000">'
                '<table:table-cell office:value-type="float" table:number-columns-repeated="30" office:value="1"/>'
                "</table:table-row>"
            )
        ),
        "the cells of sheet 'Open' reach from A1 to AD1000000",
    ),
    "blank rows without end": (
        lambda path: path.write_bytes(
            workbook_files.ods(
                f"<table:table-row>{ods_text('') * 2}</table:table-row>"
                '<table:table-row table:number-rows-repeated="4000000000"><table:table-cell/></table:table-row>'
                f"<table:table-row>{ods_text('') * 2}</table:table-row>"
            )
        ),
        "the cells of sheet 'Open' reach from A1 to B4000000002",
    ),
    "a far cell": (
        lambda path: path.write_bytes(
            with_strings(
                STRINGS.format("", "<si><t>x</t></si>"), ROWS + '<row r="1048576"><c r="AT1048576"><v>1</v></c></row>'
            )
        ),
        "the cells of sheet 'Sheet1' reach from A1 to AT1048576",
    ),
    "a part that claims three gigabytes": (
        lambda path: path.write_bytes(claim_size(workbook_files.xlsx(ROWS), 3 << 30)),
        "grows to more than 512 MiB when it is unpacked",
    ),
    "many cells": (many_cells, "grows to more than 64 MiB when it is read, as no table does"),
    "a long cell": (long_cell, "reading it needed more than 96 MiB of memory"),
    "rows that are not there": (false_count, "damaged|cannot be read"),
    "a name that is not UTF-8": (false_rows, "cannot be read|damaged"),
}
