"""Bytes of a file: compression by content, and what can never be a table."""

import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pytest

from riskmodel.errors import DataError
from riskmodel.tables.source import detect_compression, read_chunks, read_head

TEXT = b"a,b\n1,2\n"


def test_compression_is_found_by_content_and_not_by_name(tmp_path: Path) -> None:
    contents = {"none": TEXT, "gzip": gzip.compress(TEXT), "xz": lzma.compress(TEXT)}
    for compression, content in contents.items():
        path = tmp_path / "table.csv"
        path.write_bytes(content)
        found = detect_compression(path)
        assert found == compression
        assert b"".join(read_chunks(path, found)) == TEXT


def test_a_gzip_file_of_several_members_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "table.gz"
    path.write_bytes(gzip.compress(TEXT) + gzip.compress(b"3,4\n"))
    assert b"".join(read_chunks(path, "gzip")) == TEXT + b"3,4\n"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"absent\.csv' cannot be read: No such file"):
        detect_compression(tmp_path / "absent.csv")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read: Is a directory"):
        detect_compression(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\n \n", gzip.compress(b"", mtime=0)])
def test_an_empty_file_says_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "void.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"'void\.csv' is empty"):
        read_head(path, detect_compression(path))


@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress])
def test_a_cut_off_archive_is_not_half_a_table(tmp_path: Path, compress: object) -> None:
    assert callable(compress)
    path = tmp_path / "cut.csv"
    path.write_bytes(compress(TEXT * 1000)[:-9])
    with pytest.raises(DataError, match="damaged or cut off"):
        list(read_chunks(path, detect_compression(path)))


def test_binary_files_are_named_for_what_they_are(tmp_path: Path) -> None:
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("customers.csv", "a,b\n")
    workbook = io.BytesIO()
    with zipfile.ZipFile(workbook, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    cases = {
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR": "a PNG image",
        zipped.getvalue(): "a zip archive. Unpack it",
        workbook.getvalue(): "an Excel workbook. Save the sheet as CSV",
        b"%PDF-1.7\n": "a PDF document",
        b"PAR1abc": "a Parquet file",
        gzip.compress(b"\x89PNG\r\n"): "a PNG image",
    }
    for content, words in cases.items():
        path = tmp_path / "customers.csv"
        path.write_bytes(content)
        with pytest.raises(DataError, match=f"'customers.csv' is not a table of text but {words}"):
            read_head(path, detect_compression(path))
