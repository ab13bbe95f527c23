"""Bytes of a file: compression by content, and content that cannot be a table."""

import bz2
import gzip
import io
import lzma
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pyarrow as pa
import pytest

from riskmodel.errors import DataError
from riskmodel.tables.dataset import dataset_id
from riskmodel.tables.files import source
from riskmodel.tables.files.source import count_end_marks, detect_compression, read_chunks, read_head
from riskmodel.tables.reading.open_table import read_file

TEXT = b"a,b\n1,2\n"


def zipped(**members: bytes | str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def zstd(content: bytes) -> bytes:
    return cast("bytes", pa.compress(content, "zstd", asbytes=True))


def test_compression_is_found_by_content_and_not_by_name(tmp_path: Path) -> None:
    contents = {
        "none": TEXT,
        "gzip": gzip.compress(TEXT),
        "xz": lzma.compress(TEXT),
        "zstd": zstd(TEXT),
        "bzip2": bz2.compress(TEXT),
        "zip": zipped(table=TEXT),
    }
    for compression, content in contents.items():
        path = tmp_path / "table.csv"
        path.write_bytes(content)
        result = detect_compression(path)
        assert result == compression
        assert b"".join(read_chunks(path, result)) == TEXT


def test_a_gzip_file_of_several_members_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "table.gz"
    path.write_bytes(gzip.compress(TEXT) + gzip.compress(b"3,4\n"))
    assert b"".join(read_chunks(path, "gzip")) == TEXT + b"3,4\n"


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"absent\.csv' cannot be read: No such file"):
        detect_compression(tmp_path / "absent.csv")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read: Is a directory"):
        detect_compression(tmp_path)


@pytest.mark.parametrize("read", [detect_compression, dataset_id, lambda path: list(read_chunks(path, "none"))])
def test_a_pipe_is_an_error(tmp_path: Path, read: Callable[[Path], object]) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link.csv").symlink_to("pipe")
    with pytest.raises(DataError, match=r"link\.csv' is not a regular file but a pipe, device or socket"):
        read(tmp_path / "link.csv")
    with pytest.raises(DataError, match="'/dev/zero' is not a regular file"):
        read(Path("/dev/zero"))


@pytest.mark.parametrize("content", [b"", b"\n \n", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_an_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "void.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"'void\.csv' is empty"):
        read_head(path, detect_compression(path))


@pytest.mark.parametrize("compress", [gzip.compress, lzma.compress, bz2.compress, zstd])
def test_a_truncated_archive_is_an_error(tmp_path: Path, compress: object) -> None:
    assert callable(compress)
    path = tmp_path / "cut.csv"
    path.write_bytes(compress(TEXT * 1000)[:-9])
    with pytest.raises(DataError, match="damaged or cut off"):
        list(read_chunks(path, detect_compression(path)))


OFFICE = {"[Content_Types].xml": "<Types/>"}


def test_binary_files_are_identified(tmp_path: Path) -> None:
    cases = {
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR": "a PNG image",
        zipped(**OFFICE, **{"xl/workbook.xml": "<workbook/>"}): "an Excel workbook",
        zipped(**OFFICE, **{"word/document.xml": "<document/>"}): "a Word document",
        zipped(mimetype="application/epub+zip"): "an OpenDocument or EPUB document",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600): "a damaged old Excel or Word file",
        b"%PDF-1.7\n": "a PDF document",
        b"PAR1abc": "a Parquet file",
        b"\xef\xbb\xbf <!DOCTYPE HTML><table>": "an HTML page",
        b"<?xml version='1.0'?><Workbook/>": "an XML document",
    }
    for content, words in cases.items():
        path = tmp_path / "customers.csv"
        path.write_bytes(content)
        with pytest.raises(DataError, match=f"'customers.csv' is {words}, not a table. Choose a table: CSV, Excel"):
            read_head(path, detect_compression(path))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            gzip.compress(b"\x89PNG\r\n"),
            "is gzip-compressed, but what is inside is not a table of text but a PNG image",
        ),
        (gzip.compress(gzip.compress(TEXT)), "not a table of text but gzip-compressed once more. Unpack it"),
        (zipped(a=zipped(b=TEXT)), "is in a zip archive, but .* but a zip archive or a workbook. Unpack it"),
        (zipped(a=lzma.compress(TEXT)), "is in a zip archive, but .* xz-compressed once more"),
        (zstd(b"PAR1" + bytes(9)), "is Zstandard-compressed, but .* a Parquet file. Unpack it and choose what"),
    ],
    ids=["picture in gzip", "gzip in gzip", "zip in zip", "xz in zip", "Parquet in zstd"],
)
def test_doubly_compressed_files_and_binary_content_are_errors(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "customers.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=words):
        read_head(path, detect_compression(path))


def test_zstandard_files_of_several_frames_are_read_to_their_end(tmp_path: Path) -> None:
    path = tmp_path / "table.zst"
    skippable = b"\x5e\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"abcd"
    path.write_bytes(skippable + zstd(TEXT) + skippable + zstd(b"3,4\n"))
    assert detect_compression(path) == "zstd"
    assert b"".join(read_chunks(path, "zstd")) == TEXT + b"3,4\n"


def test_a_zip_archive_with_one_table_is_read_despite_other_entries(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    besides = {"__MACOSX/._a.csv": b"x", "data/": b"", "data/.DS_Store": b"x", "data/._a.csv": b"x", "Thumbs.db": b"x"}
    path.write_bytes(zipped(**besides, **{"../../etc/a.csv": TEXT}))
    assert detect_compression(path) == "zip"
    assert b"".join(read_chunks(path, "zip")) == TEXT


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({}, "'table.csv' is a zip archive with no file in it. Choose one"),
        ({"a/": b"", "a/.DS_Store": b""}, "with no file in it"),
        ({"a.csv": TEXT, "b/c.csv": TEXT}, "with 2 files in it: 'a.csv', 'b/c.csv'. Unpack it and choose one"),
        ({f"{n}.csv": TEXT for n in range(9)}, "with 9 files in it: '0.csv', .*, '4.csv', …. Unpack it"),
    ],
)
def test_a_zip_archive_must_hold_one_table(tmp_path: Path, members: dict[str, bytes], words: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(zipped(**members))
    with pytest.raises(DataError, match=words):
        list(read_chunks(path, detect_compression(path)))


def test_an_encrypted_or_damaged_zip_archive_is_a_data_error(tmp_path: Path) -> None:
    plain = zipped(**{"a.csv": TEXT * 100})
    encrypted, damaged, odd = bytearray(plain), bytearray(plain), bytearray(plain)
    central = plain.index(b"PK\x01\x02")
    encrypted[6] |= 1
    encrypted[central + 8] |= 1
    odd[8] = odd[central + 10] = 9
    damaged[40] ^= 0xFF
    cases = {
        bytes(encrypted): "'a.csv' in it is encrypted. Unpack it with its password",
        bytes(odd): "'a.csv' in it is compressed in a way that cannot be read .* pack it again",
        bytes(damaged): "is in a zip archive but damaged or cut off",
        plain[:-9]: "is a zip archive or workbook but damaged or cut off",
    }
    for content, words in cases.items():
        path = tmp_path / "table.zip"
        path.write_bytes(content)
        with pytest.raises(DataError, match=words):
            list(read_chunks(path, detect_compression(path)))


@pytest.mark.parametrize(
    "compress", [gzip.compress, zstd, bz2.compress, lzma.compress, lambda content: zipped(a=content)]
)
def test_a_decompression_bomb_is_an_error(
    tmp_path: Path, compress: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bomb.csv"
    path.write_bytes(compress(b"1,2\n" * 2_000_000))
    assert path.stat().st_size < 40_000, "the test's file must shrink to less than a 200th"
    compression = detect_compression(path)
    assert sum(map(len, read_chunks(path, compression))) == 8_000_000, "below 512 MiB anything may grow"
    monkeypatch.setattr(source, "FREE_BYTES", 1 << 20)
    with pytest.raises(DataError, match=r"'bomb\.csv' is .* and grows to more than \d MiB, as no table does. If it is"):
        list(read_chunks(path, compression))


def test_an_end_mark_is_removed_with_a_message(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"id,bad\r\n1,0\r\n2,1\x1a\x1a")
    file = read_file(path)
    assert file.table.to_pydict() == {"id": ["1", "2"], "bad": ["0", "1"]}
    assert file.notes == ("The mark at the end of the file (Ctrl-Z, 0x1A) was excluded.",)


def test_half_a_character_of_utf16_is_not_an_end_mark(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("id,bad\n1,\x1a".encode("utf-16-be"))
    assert count_end_marks(path) == 0


def test_a_total_at_the_end_is_named(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("id,income\n" + "".join(f"A{n},{n}\n" for n in range(1, 9)) + "Total,36\n")
    file = read_file(path)
    assert file.table.num_rows == 8
    assert file.notes == ("The last line was excluded: a total, a count of rows or a note.",)
