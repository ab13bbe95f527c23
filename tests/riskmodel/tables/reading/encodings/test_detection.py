"""Detection of encodings from the whole content, and strict decoding."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskmodel.errors import DataError
from riskmodel.tables.files.source import read_head
from riskmodel.tables.reading.encodings.detection import Utf8Check, check_encoding, detect_encoding, open_utf8

GERMAN = "Name;Straße\nMüller;Königsallee\nGrößl;Ährenweg\n"
FRENCH = "nom,ville\nHélène,Orléans\nFrançois,Besançon\nZoé,Nîmes\n"
CHINESE = "姓名,城市\n王小明,北京\n李雷,上海\n韩梅梅,广州\n"


def detect(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return detect_encoding(path, "none", read_head(path, "none")).encoding


@pytest.mark.parametrize(
    ("text", "written", "result"),
    [
        ("a,b\n1,2\n", "ascii", "utf-8"),
        (GERMAN, "utf-8", "utf-8"),
        (CHINESE, "utf-8", "utf-8"),
        (GERMAN, "utf-8-sig", "utf-8-sig"),
        (GERMAN, "utf-16", "utf-16"),
        (GERMAN, "utf-16-le", "utf-16-le"),
        (GERMAN, "utf-16-be", "utf-16-be"),
        (CHINESE, "utf-32", "utf-32"),
        (CHINESE, "gb18030", "gb18030"),
        (GERMAN, "cp1252", "cp1252"),
        (FRENCH, "cp1252", "cp1252"),
        ("price\n5 €\n", "cp1252", "cp1252"),
    ],
)
def test_encoding_is_found(tmp_path: Path, text: str, written: str, result: str) -> None:
    path = tmp_path / "table.csv"
    assert detect(path, text.encode(written)) == result
    with open_utf8(path, "none", result) as stream, io.TextIOWrapper(stream, "utf-8-sig", newline="") as decoded:
        assert decoded.read() == text


def test_western_text_that_is_valid_gb18030_is_not_read_as_chinese(tmp_path: Path) -> None:
    content = "Name\nMüller\nGrüß\nBjörk\n".encode("cp1252")
    content.decode("gb18030")  # each accent and the letter after it would pass as one Chinese character
    assert detect(tmp_path / "table.csv", content) == "cp1252"


def test_bytes_undefined_in_cp1252_are_latin_1(tmp_path: Path) -> None:
    assert detect(tmp_path / "table.csv", b"a\nna\xefve\x81\n") == "latin-1"


def test_a_letter_late_in_the_file_decides(tmp_path: Path) -> None:
    content = b"a,b\n" + b"1,2\n" * 600_000 + "ü,3\n".encode("cp1252")
    assert detect(tmp_path / "table.csv", content) == "cp1252"


def test_damaged_utf8_is_an_error(tmp_path: Path) -> None:
    content = GERMAN.encode() * 10 + b"x\xff;y\n"
    with pytest.raises(DataError, match=r"cannot be read as utf-8: line 31 has the byte ff"):
        detect(tmp_path / "table.csv", content)


def test_nul_bytes_are_not_text(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'table\.csv' is not a text file: it has NUL bytes"):
        detect(tmp_path / "table.csv", b"a,b\n1,\x00\n")


def test_a_late_nul_is_located_by_line(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 500_000 + b"3,\x00\n")
    with pytest.raises(DataError, match="line 500,002 has a NUL character"):
        check_encoding(path, "none", "utf-8")


def test_a_wrong_encoding_is_reported_with_line_and_bytes(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(GERMAN.encode("cp1252"))
    with pytest.raises(DataError, match=r"cannot be read as utf-8: line 1 has the byte df\. Choose another encoding"):
        check_encoding(path, "none", "utf-8")


def test_an_unknown_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"a\n1\n")
    for name in ("klingon", "a\0b"):
        with pytest.raises(DataError, match="no encoding"):
            check_encoding(path, "none", name)


@pytest.mark.parametrize(("content", "encoding"), [(b"a\n+2Fs-\n", "utf-7"), (b"a\n\\ud800\n", "unicode_escape")])
def test_lone_surrogates_are_a_data_error(tmp_path: Path, content: bytes, encoding: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=f"cannot be read as {encoding}"), open_utf8(path, "none", encoding) as stream:
        stream.read()


@given(
    st.one_of(
        st.binary(max_size=12),
        st.text("aé北\U0001f600", max_size=6).map(str.encode),
        st.text("aé北", max_size=4).map(lambda text: text.encode()[:-1]),
        st.text("aé北", max_size=4).map(lambda text: text.encode()[:-1] + b"ab"),
    ),
    st.integers(1, 5),
)
def test_utf8_is_checked_as_strictly_piece_by_piece_as_at_once(content: bytes, piece: int) -> None:
    try:
        content.decode()
        valid = True
    except UnicodeDecodeError:
        valid = False
    assert is_utf8_by_pieces([content[start : start + piece] for start in range(0, len(content), piece)]) is valid


@pytest.mark.parametrize(
    ("pieces", "valid"),
    [
        ([b"a", b"\xc3", b"\xa9", b"b"], True),
        ([b"a", b"\xc3", b"b"], False),
        ([b"\xe5\x8c", b"\x97"], True),
        ([b"\xe5\x8c", b"ab"], False),
        ([b"a", b"\xc3"], False),
        ([], True),
    ],
)
def test_a_letter_split_between_pieces_is_decoded(pieces: list[bytes], valid: bool) -> None:
    assert is_utf8_by_pieces(pieces) is valid


def is_utf8_by_pieces(pieces: list[bytes]) -> bool:
    check = Utf8Check()
    try:
        for piece in (*pieces, b""):
            check.feed(piece)
    except UnicodeDecodeError:
        return False
    return True


@pytest.mark.parametrize("content", [b"a,b\n" + b"1,\0\n\0,2\n" * 1000, b"a,b\n1,\0\n\0,2" * 1000])
def test_nuls_between_cells_of_ascii_are_not_utf16(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DataError, match="is not a text file: it has NUL bytes"):
        detect(tmp_path / "table.csv", content)


@pytest.mark.parametrize("text", [GERMAN, CHINESE, "a,b\n1,2\n", "имя,город\nАнна,Москва\n1,2\n3,4\n"])
def test_utf16_without_a_mark_is_found_in_any_script(tmp_path: Path, text: str) -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        assert detect(tmp_path / "table.csv", text.encode(encoding)) == encoding
